/// Reads one answer of HTTP/1.1 (RFC 9112) from the bytes of a connection; does no I/O.
struct AnswerParser {
    private enum State {
        case head
        /// The length says how much is left.
        case sized(Int)
        case chunkSize
        case chunk(Int)
        case chunkEnd
        case trailer
        /// Until the connection ends.
        case open
        case complete
    }

    private static let maximumHead = 64 << 10
    private static let maximumLine = 8 << 10

    /// Once all of it is there.
    private(set) var head: AnswerHead?
    private var state = State.head
    /// What came and was not understood yet.
    private var waiting: [UInt8] = []
    private var start = 0
    /// How far the end of the head was looked for.
    private var searched = 0
    private var body: [UInt8] = []

    /// Whether the answer is there to its end.
    var isComplete: Bool { if case .complete = state { true } else { false } }

    /// The part of the body that came since the last call.
    mutating func takeBody() -> [UInt8] {
        defer { body = [] }
        return body
    }

    /// Takes what came over the connection; bytes after the end of the answer are left out.
    mutating func take(_ bytes: some Sequence<UInt8>) throws(AnswerError) {
        waiting.append(contentsOf: bytes)
        while try step() {}
        if start == waiting.count {
            waiting.removeAll(keepingCapacity: true)
            (start, searched) = (0, 0)
        } else if start > 1 << 16 {
            waiting.removeFirst(start)
            (start, searched) = (0, 0)
        }
    }

    /// The connection has ended.
    mutating func end() throws(AnswerError) {
        switch state {
        case .open: state = .complete
        case .complete: return
        default: throw .cutOff
        }
    }

    /// Goes one step; false when more bytes are needed.
    private mutating func step() throws(AnswerError) -> Bool {
        let available = waiting.count - start
        switch state {
        case .head: return try readHead()
        case .sized(let left):
            let count = min(left, available)
            takeOver(count)
            state = left == count ? .complete : .sized(left - count)
            return left == count
        case .chunkSize:
            guard let line = try line() else { return false }
            // Extensions follow a semicolon.
            let digits = line.prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: " ") }
            guard (1...15).contains(digits.count), let size = Self.hexadecimal(digits) else {
                throw .malformedChunk
            }
            state = size == 0 ? .trailer : .chunk(size)
            return true
        case .chunk(let left):
            guard available > 0 else { return false }
            let count = min(left, available)
            takeOver(count)
            state = left == count ? .chunkEnd : .chunk(left - count)
            return true
        case .chunkEnd:
            guard let line = try line() else { return false }
            guard line.isEmpty else { throw .malformedChunk }
            state = .chunkSize
            return true
        case .trailer:
            guard let line = try line() else { return false }
            if line.isEmpty { state = .complete }
            return true
        case .open:
            takeOver(available)
            return false
        case .complete:
            start = waiting.count
            return false
        }
    }

    private mutating func takeOver(_ count: Int) {
        body.append(contentsOf: waiting[start..<start + count])
        start += count
    }

    /// The next line without its end, or nil when it is not there yet.
    private mutating func line() throws(AnswerError) -> ArraySlice<UInt8>? {
        guard let end = waiting[start...].firstIndex(of: 0x0A) else {
            guard waiting.count - start <= Self.maximumLine else { throw .malformedChunk }
            return nil
        }
        defer { start = end + 1 }
        let line = waiting[start..<end]
        return line.last == 0x0D ? line.dropLast() : line
    }

    private mutating func readHead() throws(AnswerError) -> Bool {
        guard let end = waiting[max(start, searched - 3)...].firstRange(of: [0x0D, 0x0A, 0x0D, 0x0A]) else {
            searched = waiting.count
            guard waiting.count - start <= Self.maximumHead else { throw .headTooLarge }
            // Nothing that begins otherwise can become an answer.
            guard zip(waiting[start...], "HTTP/1.".utf8).allSatisfy(==) else { throw .malformedHead }
            return false
        }
        let lines = String(decoding: waiting[start..<end.lowerBound], as: UTF8.self)
            .split(separator: "\r\n", omittingEmptySubsequences: false)
        start = end.upperBound
        searched = start
        let parts = lines[0].split(separator: " ", maxSplits: 2)
        guard parts.count >= 2, parts[0] == "HTTP/1.1" || parts[0] == "HTTP/1.0", parts[1].utf8.count == 3,
            let status = Int(option: String(parts[1])), status >= 100
        else { throw .malformedHead }
        // An interim answer (RFC 9110 §15.2): the real one follows.
        if status < 200 { return true }
        var fields: [(name: String, value: String)] = []
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":"), colon != line.startIndex else { throw .malformedHead }
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            fields.append((line[..<colon].lowercased(), String(value)))
        }
        let head = AnswerHead(status: status, fields: fields)
        state = try Self.framing(of: head)
        self.head = head
        return true
    }

    /// RFC 9112 §6.3.
    private static func framing(of head: AnswerHead) throws(AnswerError) -> State {
        if head.status == 204 || head.status == 304 { return .complete }
        if let coding = head["transfer-encoding"] {
            guard coding.lowercased() == "chunked" else { throw .unsupportedCoding }
            return .chunkSize
        }
        guard let text = head["content-length"] else { return .open }
        guard let length = Int(option: text) else { throw .malformedHead }
        return length == 0 ? .complete : .sized(length)
    }

    private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for byte in digits {
            switch byte {
            case 0x30...0x39: value = value << 4 | Int(byte - 0x30)
            case 0x41...0x46: value = value << 4 | Int(byte - 0x41 + 10)
            case 0x61...0x66: value = value << 4 | Int(byte - 0x61 + 10)
            default: return nil
            }
        }
        return value
    }
}
