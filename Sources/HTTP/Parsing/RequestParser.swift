package import RoostCore

/// Turns the bytes of a connection into requests (RFC 9112), without any I/O and without a clock.
///
/// Feed it what arrives, then ask for events until it has none. It stops at the end of a message by giving
/// ``Event/end`` and keeps what follows for the next call, so that the caller decides when the next request of a
/// pipeline starts. After an error it gives that error for ever.
///
/// Work is linear in the bytes fed however they are cut: a search goes on where the last one stopped, and lines
/// are judged only when whole, so that every cut gives the same events.
package struct RequestParser: Sendable {
    /// What was found.
    package enum Event: Sendable {
        /// Request line and fields.
        case head(RequestHead, RequestFraming)
        /// So many bytes of the body were appended to the caller's array.
        case body(Int)
        /// The message is complete.
        case end
    }

    private enum State: Equatable {
        case requestLine
        case fields
        case fixedBody(remaining: Int)
        case chunkSize
        case chunkData(remaining: Int)
        case chunkEnd
        case trailers
        case end
        case failed(HTTPParseError)
    }

    /// The most bytes of body the current message may have; beyond, ``HTTPParseError/bodyTooLarge``.
    /// Set it after the head; it is without bound again with each message.
    package var maximumBody = Int.max

    private let limits: HTTPLimits
    private var state = State.requestLine
    private var buffer: [UInt8] = []
    /// The first byte not consumed.
    private var position = 0
    /// Up to here there is no line feed from `position` on.
    private var searched = 0

    private var emptyLines = 0
    private var headStart = 0
    private var line: RequestLine?
    private var entries: [HTTPFields.Entry] = []
    private var framing = FramingFields()
    private var bodyCount = 0
    private var overhead = 0
    private var trailerBytes = 0
    private var trailerCount = 0

    /// Leading empty lines that are forgiven (RFC 9112 §2.2 asks for at least one).
    private static let maximumEmptyLines = 4
    /// Bytes of buffer that stay between requests.
    private static let idleCapacity = 2 * 1024
    /// Bytes of chunk framing that may go beyond 16 a chunk and twice the content.
    private static let maximumOverhead = 16 * 1024

    /// A parser at the start of a connection.
    package init(limits: HTTPLimits = HTTPLimits()) { self.limits = limits }

    /// How many bytes wait to be parsed.
    package var bufferedCount: Int { buffer.count - position }

    /// Whether part of a request has come and not its end. Empty lines before it do not count.
    package var isInsideMessage: Bool { state != .requestLine || position < buffer.count }

    /// Takes in what arrived.
    package mutating func feed(_ bytes: ArraySlice<UInt8>) {
        if case .failed = state { return }
        // Consumed bytes go when the buffer is taken up again; never within a head, which is copied as a whole.
        if position > 0, position == buffer.count, state != .fields {
            buffer.removeAll(keepingCapacity: buffer.capacity <= 16 * 1024)
            (position, searched) = (0, 0)
        } else if position > 64 * 1024, state != .fields {
            buffer.removeFirst(position)
            searched -= position
            position = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// The next event, or nil until more bytes come.
    ///
    /// - Parameter body: Where body bytes are appended.
    /// - Returns: What was found.
    /// - Throws: Why the request is refused.
    package mutating func next(body: inout [UInt8]) throws(HTTPParseError) -> Event? {
        do { return try advance(&body) } catch {
            state = .failed(error)
            (buffer, position, searched) = ([], 0, 0)
            throw error
        }
    }

    private mutating func advance(_ body: inout [UInt8]) throws(HTTPParseError) -> Event? {
        while true {
            switch state {
            case .requestLine: guard try readRequestLine() else { return nil }
            case .fields:
                guard let range = try readLine(limit: limits.field, .fieldTooLong) else { return nil }
                if range.isEmpty { return try finishHead() }
                try readField(range)
            case .fixedBody(let remaining):
                guard let count = take(remaining, into: &body) else { return nil }
                state = count == remaining ? .end : .fixedBody(remaining: remaining - count)
                return .body(count)
            case .chunkSize:
                guard let range = try readLine(limit: limits.chunkLine, .chunkLineTooLong) else { return nil }
                try readChunkSize(range)
            case .chunkData(let remaining):
                guard let count = take(remaining, into: &body) else { return nil }
                state = count == remaining ? .chunkEnd : .chunkData(remaining: remaining - count)
                return .body(count)
            case .chunkEnd: guard try readChunkEnd() else { return nil }
            case .trailers:
                guard let range = try readLine(limit: limits.trailers, .trailersTooLong) else { return nil }
                if range.isEmpty { state = .end } else { try readTrailer(range) }
            case .end:
                reset()
                return .end
            case .failed(let error): throw error
            }
        }
    }

    private mutating func reset() {
        state = .requestLine
        // A connection may now be idle for long: it keeps no large buffer meanwhile.
        if position == buffer.count, buffer.capacity > Self.idleCapacity {
            (buffer, position, searched) = ([], 0, 0)
        }
        emptyLines = 0
        entries = []
        framing = FramingFields()
        maximumBody = .max
        (bodyCount, overhead, trailerBytes, trailerCount) = (0, 0, 0, 0)
    }

    // MARK: Lines

    /// The next line without its CRLF, consumed; nil until it is whole.
    private mutating func readLine(
        limit: Int, _ tooLong: HTTPParseError
    ) throws(HTTPParseError) -> Range<Int>? {
        let count = buffer.count
        let index = ByteRun.first(0x0A, in: buffer.span, from: max(searched, position))
        // A line of exactly the limit is allowed to bring its CR before it is refused.
        guard index - position <= limit + 1 else { throw tooLong }
        guard index < count else {
            searched = index
            return nil
        }
        guard index > position, buffer[index - 1] == 0x0D else {
            throw index - position > limit ? tooLong : .bareLineFeed
        }
        let line = position..<index - 1
        position = index + 1
        searched = position
        return line
    }

    private mutating func readRequestLine() throws(HTTPParseError) -> Bool {
        guard position < buffer.count else { return false }
        // Neither TLS nor anything else binary need ever send a line feed.
        let first = buffer[position]
        guard ByteClass.isToken(first) || first == 0x0D || first == 0x0A else { throw .notHTTP }
        headStart = position
        guard let range = try readLine(limit: limits.requestLine, .requestLineTooLong) else { return false }
        if range.isEmpty {
            emptyLines += 1
            guard emptyLines <= Self.maximumEmptyLines else { throw .tooManyEmptyLines }
            return true
        }
        line = try RequestLine(buffer, range)
        headStart = position
        state = .fields
        return true
    }

    /// Checks a field line's grammar (RFC 9112 §5).
    private func splitField(_ line: Range<Int>) throws(HTTPParseError) -> (
        name: Range<Int>, value: Range<Int>
    ) {
        guard !ByteClass.isBlank(buffer[line.lowerBound]) else { throw .foldedField }
        var colon = line.lowerBound
        while colon < line.upperBound, ByteClass.isToken(buffer[colon]) { colon += 1 }
        guard colon > line.lowerBound, colon < line.upperBound, buffer[colon] == 0x3A else {
            throw .malformedFieldName
        }
        var index = colon + 1
        while true {
            // Tabs are the one control character that a value may have.
            index = ByteRun.firstControl(buffer.span, from: index)
            guard index < line.upperBound else { break }
            guard ByteClass.isFieldContent(buffer[index]) else { throw .controlCharacter }
            index += 1
        }
        return (line.lowerBound..<colon, buffer.trimmed(colon + 1..<line.upperBound))
    }

    private mutating func readField(_ line: Range<Int>) throws(HTTPParseError) {
        guard line.upperBound - headStart <= limits.allFields else { throw .fieldsTooLong }
        guard entries.count < limits.fieldCount else { throw .tooManyFields }
        let (name, value) = try splitField(line)
        try framing.note(buffer, name: name, value: value)
        if entries.isEmpty { entries.reserveCapacity(16) }
        entries.append(
            HTTPFields.Entry(
                nameStart: name.lowerBound - headStart, nameCount: name.count,
                valueStart: value.lowerBound - headStart, valueCount: value.count))
    }

    private mutating func finishHead() throws(HTTPParseError) -> Event {
        guard let line else { throw .malformedRequestLine }
        let framing = try framing.framing(of: line.version)
        // The entries count from `headStart`, so they fit the copy as they are.
        let fields = HTTPFields(storage: Array(buffer[headStart..<position]), entries: entries)
        self.line = nil
        entries = []
        switch framing.body {
        case .none: state = .end
        case .length(let count): state = .fixedBody(remaining: count)
        case .chunked: state = .chunkSize
        }
        return .head(
            RequestHead(
                method: line.method, target: line.target, targetAuthority: line.authority,
                version: line.version, fields: fields), framing)
    }

    // MARK: Body

    /// Moves up to `limit` bytes to the body; nil if none are there.
    private mutating func take(_ limit: Int, into body: inout [UInt8]) -> Int? {
        let count = min(limit, buffer.count - position)
        guard count > 0 else { return nil }
        body.append(contentsOf: buffer[position..<position + count])
        position += count
        searched = position
        return count
    }

    /// Reads `chunk-size [chunk-ext]` (RFC 9112 §7.1).
    private mutating func readChunkSize(_ line: Range<Int>) throws(HTTPParseError) {
        var index = line.lowerBound
        var size = 0
        while index < line.upperBound, let digit = ByteClass.hexadecimal(buffer[index]) {
            guard size <= Int.max >> 4 else { throw .malformedChunkSize }
            size = size << 4 | digit
            index += 1
        }
        guard index > line.lowerBound else { throw .malformedChunkSize }
        let rest = buffer.trimmed(index..<line.upperBound)
        guard index == line.upperBound || (!rest.isEmpty && buffer[rest.lowerBound] == 0x3B),
            rest.allSatisfy({ ByteClass.isFieldContent(buffer[$0]) })
        else { throw .malformedChunkSize }
        try countOverhead(of: line.count, size)
        guard size <= maximumBody - bodyCount else { throw .bodyTooLarge }
        bodyCount += size
        state = size == 0 ? .trailers : .chunkData(remaining: size)
    }

    /// Many small chunks with long extensions cost much to read and bring little; Go met this as CVE-2023-39326.
    private mutating func countOverhead(of line: Int, _ size: Int) throws(HTTPParseError) {
        overhead = max(0, overhead + line - 16 - 2 * min(size, Self.maximumOverhead))
        guard overhead <= Self.maximumOverhead else { throw .chunkOverhead }
    }

    private mutating func readChunkEnd() throws(HTTPParseError) -> Bool {
        guard position < buffer.count else { return false }
        guard buffer[position] == 0x0D else { throw .malformedChunkEnd }
        guard position + 1 < buffer.count else { return false }
        guard buffer[position + 1] == 0x0A else { throw .malformedChunkEnd }
        position += 2
        searched = position
        state = .chunkSize
        return true
    }

    /// Trailers are checked and dropped (RFC 9110 §6.5.1).
    private mutating func readTrailer(_ line: Range<Int>) throws(HTTPParseError) {
        trailerBytes += line.count + 2
        trailerCount += 1
        guard trailerBytes <= limits.trailers, trailerCount <= limits.fieldCount else {
            throw .trailersTooLong
        }
        _ = try splitField(line)
    }
}
