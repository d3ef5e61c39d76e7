import Glibc
import RoostCore
import Synchronization

/// A blocking HTTP/1.1 client connection; everything has a deadline.
///
/// The methods block: call them inside ``blocking(_:)``.
final class HTTPConnection: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }

    private let descriptor: Int32
    private let received = Mutex<[UInt8]>([])

    /// Connects to the port on 127.0.0.1.
    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Failure("socket: errno \(errno)") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(truncatingIfNeeded: port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let code = unsafe withUnsafeBytes(of: &address) { bytes in
            unsafe connect(
                descriptor, bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self),
                socklen_t(MemoryLayout<sockaddr_in>.size))
        }
        guard code == 0 else {
            let reason = errno
            close(descriptor)
            throw Failure("connect to port \(port): errno \(reason)")
        }
    }

    /// Connects to a Unix domain socket.
    init(unixSocket path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Failure("socket: errno \(errno)") }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
        let code = unsafe withUnsafeBytes(of: &address) { bytes in
            unsafe connect(
                descriptor, bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self),
                socklen_t(MemoryLayout<sockaddr_un>.size))
        }
        guard code == 0 else {
            let reason = errno
            close(descriptor)
            throw Failure("connect to \(path): errno \(reason)")
        }
    }

    deinit { close(descriptor) }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure("send: errno \(errno)") }
            rest = rest.dropFirst(count)
        }
    }

    /// No more will be sent.
    func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// True when the peer closes (or resets) before the deadline without sending more.
    func isClosed(by deadline: Deadline) throws -> Bool {
        guard received.withLock({ $0.isEmpty }) else { return false }
        do { return try !fill(deadline) } catch let failure as Failure where failure.description.contains("reset") {
            return true
        }
    }

    /// Reads one final response; 1xx ones are skipped.
    func receive(_ deadline: Deadline, headOnly: Bool = false) throws -> HTTPAnswer {
        while true {
            var answer = try head(deadline)
            if (100..<200).contains(answer.status) { continue }
            if headOnly || answer.status == 204 || answer.status == 304 { return answer }
            if answer[field: "Transfer-Encoding"]?.lowercased() == "chunked" {
                answer.body = try chunked(deadline)
            } else if let length = answer[field: "Content-Length"].flatMap({ Int($0) }) {
                answer.body = try take(length, deadline)
            } else {
                while try fill(deadline) {}
                answer.body = received.withLock { bytes in
                    defer { bytes = [] }
                    return bytes
                }
            }
            return answer
        }
    }

    /// The status of an interim response.
    func receiveInterim(_ deadline: Deadline) throws -> Int { try head(deadline).status }

    private func head(_ deadline: Deadline) throws -> HTTPAnswer {
        let lines = try line(deadline).split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard lines.count == 3, lines[0].hasPrefix("HTTP/1."), let status = Int(lines[1]) else {
            throw Failure("no status line: \(lines)")
        }
        var answer = HTTPAnswer(version: String(lines[0]), status: status, fields: [], body: [])
        while true {
            let text = try line(deadline)
            if text.isEmpty { return answer }
            guard let colon = text.firstIndex(of: ":") else { throw Failure("no field: \(text)") }
            var value = text[text.index(after: colon)...]
            while value.first == " " { value.removeFirst() }
            answer.fields.append((String(text[..<colon]), String(value)))
        }
    }

    private func chunked(_ deadline: Deadline) throws -> [UInt8] {
        var body: [UInt8] = []
        while true {
            guard let size = Int(try line(deadline).prefix { $0 != ";" }, radix: 16) else {
                throw Failure("no chunk size")
            }
            if size == 0 { break }
            body += try take(size, deadline)
            guard try line(deadline).isEmpty else { throw Failure("no end of chunk") }
        }
        while try !line(deadline).isEmpty {}
        return body
    }

    private func line(_ deadline: Deadline) throws -> String {
        while true {
            let found: [UInt8]? = try received.withLock { bytes in
                guard let end = bytes.firstIndex(of: 10) else { return nil }
                guard end > 0, bytes[end - 1] == 13 else { throw Failure("a line ends without CR") }
                defer { bytes.removeSubrange(...end) }
                return Array(bytes[..<(end - 1)])
            }
            if let found { return String(decoding: found, as: UTF8.self) }
            guard try fill(deadline) else { throw Failure("closed inside a response head") }
        }
    }

    private func take(_ count: Int, _ deadline: Deadline) throws -> [UInt8] {
        while received.withLock({ $0.count < count }) {
            guard try fill(deadline) else { throw Failure("closed inside a response body") }
        }
        return received.withLock { bytes in
            defer { bytes.removeSubrange(..<count) }
            return Array(bytes[..<count])
        }
    }

    /// Reads on until the bytes that have come contain a text, and leaves them there.
    func wait(for text: String, _ deadline: Deadline) throws {
        let wanted = Array(text.utf8)
        while !received.withLock({ $0.contains(wanted) }) {
            guard try fill(deadline) else { throw Failure("closed before '\(text)' came") }
        }
    }

    /// Reads what has come; false at the end of the stream.
    private func fill(_ deadline: Deadline) throws -> Bool {
        var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard unsafe Glibc.poll(&poll, 1, deadline.milliseconds) > 0 else { throw TooLate("an answer") }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
        if count < 0 { throw Failure(errno == ECONNRESET ? "connection reset" : "recv: errno \(errno)") }
        received.withLock { $0 += buffer[..<count] }
        return count > 0
    }
}
