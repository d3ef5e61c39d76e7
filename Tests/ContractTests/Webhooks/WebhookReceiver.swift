import CLinux
import Glibc
import RoostCore
import Synchronization

/// A receiver of webhooks on a loopback port of its own; answers as it is told, one thread a connection.
final class WebhookReceiver: Sendable {
    /// One request, as it came.
    struct Received: Sendable {
        let target: String
        let fields: [(name: String, value: String)]
        let body: [UInt8]

        subscript(field name: String) -> String? { fields.first { $0.name.lowercased() == name }?.value }
        var json: JSON? { try? JSONParser.parse(body) }
    }

    /// What it answers.
    enum Reply: Sendable {
        case status(Int, fields: String = "")
        /// Reads the request and then says nothing.
        case silence
        /// A head, and a body that never ends.
        case endless
    }

    private struct State {
        var received: [Received] = []
        var replies: [Reply]
        var connections: [Int32] = []
        var isClosed = false
    }

    let port: Int
    private let listener: Int32
    private let state: Mutex<State>

    /// Answers each request in turn; the last reply is repeated.
    init(_ replies: Reply...) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        // The address lives as long as the calls.
        let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe bind(listener, pointer, length) == 0 && listen(listener, 64) == 0
                    && getsockname(listener, pointer, &length) == 0
            }
        }
        guard isBound else { throw TooLate("a receiver's port") }
        port = Int(UInt16(bigEndian: address.sin_port))
        self.listener = listener
        state = Mutex(State(replies: replies))
        detachThread { [self] in accept() }
    }

    func url(_ path: String = "/hook", host: String = "127.0.0.1") -> String { "http://\(host):\(port)\(path)" }

    /// All requests so far.
    var received: [Received] { state.withLock { $0.received } }

    /// Answers like this from now on.
    func answer(_ replies: Reply...) { state.withLock { $0.replies = replies } }

    /// Waits for so many requests.
    @discardableResult
    func wait(for count: Int) async throws -> [Received] {
        try await eventually("\(count) webhooks") { received.count >= count }
        return received
    }

    /// Closes everything; the threads end.
    func close() {
        let connections = state.withLock { state in
            state.isClosed = true
            return state.connections
        }
        shutdown(listener, Int32(SHUT_RDWR))
        for connection in connections { shutdown(connection, Int32(SHUT_RDWR)) }
    }

    private func accept() {
        while true {
            let connection = clinux_accept4(listener, nil, nil, CLINUX_SOCK_CLOEXEC)
            guard connection >= 0 else { break }
            let isClosed = state.withLock { state in
                state.connections.append(connection)
                return state.isClosed
            }
            if isClosed { shutdown(connection, Int32(SHUT_RDWR)) }
            detachThread { [self] in
                while serve(connection) {}
                // Out of the list before its number can come back as another file.
                state.withLock { $0.connections.removeAll { $0 == connection } }
                Glibc.close(connection)
            }
        }
        Glibc.close(listener)
    }

    /// - Returns: False when the connection is over.
    private func serve(_ connection: Int32) -> Bool {
        var bytes: [UInt8] = []
        let end = Array("\r\n\r\n".utf8)
        var headEnd: Int?
        while headEnd == nil {
            guard read(connection, &bytes) else { return false }
            headEnd = bytes.indices.first { bytes[$0...].starts(with: end) }
        }
        let head = String(decoding: bytes[..<headEnd!], as: UTF8.self)
        var lines = head.split(separator: "\r\n").map(String.init)
        let target = lines.removeFirst().split(separator: " ")[1]
        let fields = lines.map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return (name: String(parts[0]), value: parts.count > 1 ? String(parts[1].drop { $0 == " " }) : "")
        }
        let count = fields.first { $0.name.lowercased() == "content-length" }.flatMap { Int($0.value) } ?? 0
        var body = Array(bytes[(headEnd! + 4)...])
        while body.count < count { guard read(connection, &body) else { return false } }
        let reply = state.withLock { state in
            state.received.append(Received(target: String(target), fields: fields, body: body))
            return state.replies.count > 1 ? state.replies.removeFirst() : state.replies[0]
        }
        switch reply {
        case .status(let status, let fields):
            return write(connection, "HTTP/1.1 \(status) Any\r\nContent-Length: 2\r\n\(fields)\r\nok")
        case .silence: return true
        case .endless:
            guard write(connection, "HTTP/1.1 200 OK\r\n\r\n") else { return false }
            while write(connection, String(repeating: "x", count: 4096)) {}
            return false
        }
    }

    private func read(_ connection: Int32, _ bytes: inout [UInt8]) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = unsafe Glibc.read(connection, &buffer, buffer.count)
        guard count > 0 else { return false }
        bytes += buffer[..<count]
        return true
    }

    private func write(_ connection: Int32, _ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return unsafe send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }
}

/// Runs the body with a receiver that is gone afterwards.
func withReceiver(
    _ replies: WebhookReceiver.Reply, _ body: (WebhookReceiver) async throws -> Void
) async throws {
    let receiver = try WebhookReceiver(replies)
    defer { receiver.close() }
    try await body(receiver)
}
