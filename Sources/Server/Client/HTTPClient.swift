internal import CLinux
internal import Glibc
internal import RoostEventLoop

/// Asks a server, one request a connection, and blocks while it waits; for commands only, never inside the server.
struct HTTPClient {
    /// A request.
    struct Request: Sendable {
        var method = "GET"
        /// Path and query, without the server's prefix.
        var target: String
        var fields: [(name: String, value: String)] = []
        /// JSON; nil for none.
        var body: [UInt8]?
        /// It is sent whatever signals come meanwhile; the answer need not be waited for.
        var isUrgent = false
    }

    /// The server.
    let address: ServerAddress
    /// An API key; nil for none.
    let key: String?
    /// Gets readable when the person in front of it wants to stop; see ``Interrupts``.
    var interrupts: Interrupts?
    /// How long the server may be silent.
    var patience = Duration.seconds(60)
    /// Called every tenth of a second while it waits.
    var idle: (() -> Void)?

    /// Sends a request and reads the answer as it comes.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - take: Gets the head and the next part of the body, empty ones too; false ends the exchange.
    /// - Throws: ``ClientError``, or what `take` threw.
    func exchange(_ request: Request, take: (AnswerHead, [UInt8]) throws -> Bool) throws {
        var sender = self
        if request.isUrgent { sender.interrupts = nil }
        let socket = try sender.connection()
        try sender.send(serialized(request), over: socket.rawValue)
        var parser = AnswerParser()
        var buffer = [UInt8](repeating: 0, count: 65_536)
        do {
            while !parser.isComplete {
                switch try receive(socket.rawValue, into: &buffer) {
                case .bytes(let count): try parser.take(buffer[..<count])
                case .end: try parser.end()
                case .wouldBlock: continue
                }
                if let head = parser.head, try !take(head, parser.takeBody()) { return }
            }
        } catch let error as AnswerError {
            throw error == .cutOff
                ? ClientError.broken(address: address.description)
                : ClientError.noRoost(address: address.description, reason: error.description)
        }
    }

    private func serialized(_ request: Request) -> [UInt8] {
        var head =
            "\(request.method) \(address.prefix)\(request.target) HTTP/1.1\r\nHost: \(address.authority)\r\n"
        head += "Connection: close\r\nUser-Agent: roost/\(RoostVersion.current)\r\n"
        if let key { head += "X-API-Key: \(key)\r\n" }
        for field in request.fields { head += "\(field.name): \(field.value)\r\n" }
        if let body = request.body {
            head += "Content-Type: application/json\r\nContent-Length: \(body.count)\r\n"
        }
        return Array((head + "\r\n").utf8) + (request.body ?? [])
    }

    // MARK: The connection

    private func connection() throws -> OwnedDescriptor {
        switch address.endpoint {
        case .unix(let path): return try connect(unix: path)
        case .tcp(let host, let port): return try connect(host, port)
        }
    }

    private func connect(unix path: String) throws -> OwnedDescriptor {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        let fits = unsafe withUnsafeMutableBytes(of: &address.sun_path) { room in
            guard !bytes.isEmpty, bytes.count < room.count, !bytes.contains(0) else { return false }
            unsafe room.copyBytes(from: bytes)
            return true
        }
        guard fits else {
            throw ClientError.unreachable(address: path, reason: "the path is too long for a socket")
        }
        let socket = try newSocket(AF_UNIX)
        let failure = try unsafe withUnsafePointer(to: &address) { pointer in
            // `sockaddr` is the common head of every kernel form.
            try unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                try unsafe connect(socket.rawValue, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard let failure else { return socket }
        throw failed(failure)
    }

    /// Tries every address of the name in turn.
    private func connect(_ host: String, _ port: Int) throws -> OwnedDescriptor {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = CLINUX_SOCK_STREAM
        var list: UnsafeMutablePointer<addrinfo>?
        let code = unsafe getaddrinfo(host, "\(port)", &hints, &list)
        guard code == 0 else {
            let reason = unsafe gai_strerror(code).map { unsafe String(cString: $0) } ?? "no such name"
            throw ClientError.unreachable(address: address.description, reason: reason)
        }
        // Made by getaddrinfo for the caller; the pointers below lead into it and are not used after this.
        defer { unsafe freeaddrinfo(list) }
        var last = ECONNREFUSED
        var entry = unsafe list
        while let current = unsafe entry {
            let info = unsafe current.pointee
            if let socket = try? newSocket(unsafe info.ai_family), let target = unsafe info.ai_addr {
                guard let failure = try unsafe connect(socket.rawValue, target, info.ai_addrlen) else {
                    return socket
                }
                // The port of a server that listens on one of two loopback addresses is refused on the other.
                if last == ECONNREFUSED { last = failure }
            }
            unsafe entry = unsafe info.ai_next
        }
        throw failed(last)
    }

    private func newSocket(_ family: Int32) throws -> OwnedDescriptor {
        let kind = CLINUX_SOCK_STREAM | CLINUX_SOCK_CLOEXEC | CLINUX_SOCK_NONBLOCK
        return try OwnedDescriptor(result: socket(family, kind, 0), of: "socket")
    }

    /// Nil when it is connected, else the error number.
    private func connect(
        _ socket: Int32, _ target: UnsafePointer<sockaddr>, _ length: socklen_t
    ) throws -> Int32? {
        if unsafe Glibc.connect(socket, target, length) == 0 { return nil }
        guard errno == EINPROGRESS || errno == EAGAIN else { return errno }
        do { try wait(socket, POLLOUT) } catch ClientError.timedOut { return ETIMEDOUT }
        var failure: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard unsafe getsockopt(socket, SOL_SOCKET, SO_ERROR, &failure, &size) == 0 else { return errno }
        return failure == 0 ? nil : failure
    }

    private func failed(_ code: Int32) -> ClientError {
        switch code {
        case ECONNREFUSED, ENOENT:
            .notRunning(address: address.description, project: address.announcement?.project)
        default: .unreachable(address: address.description, reason: SystemError.text(of: code))
        }
    }

    private func send(_ bytes: [UInt8], over socket: Int32) throws {
        var sent = 0
        while sent < bytes.count {
            do {
                switch try NonBlocking.send(socket, bytes, from: sent) {
                case .bytes(let count): sent += count
                default: try wait(socket, POLLOUT)
                }
            } catch let error as SystemError {
                // A server may refuse before it has read everything: its answer says why.
                if error.code == EPIPE || error.code == ECONNRESET { return }
                throw ClientError.broken(address: address.description)
            }
        }
    }

    private func receive(_ socket: Int32, into buffer: inout [UInt8]) throws -> Transfer {
        try wait(socket, POLLIN)
        do { return try NonBlocking.read(socket, into: &buffer) } catch {
            throw ClientError.broken(address: address.description)
        }
    }

    /// Waits until the socket is ready.
    ///
    /// - Throws: ``ClientError/timedOut(address:seconds:)`` and ``ClientError/interrupted(signal:)``.
    private func wait(_ socket: Int32, _ events: Int32) throws {
        let deadline = ContinuousClock.now + patience
        while true {
            if let signal = interrupts?.take() { throw ClientError.interrupted(signal: signal) }
            var entries = [
                pollfd(fd: socket, events: Int16(events), revents: 0),
                pollfd(fd: interrupts?.descriptor ?? -1, events: Int16(POLLIN), revents: 0),
            ]
            let left = ContinuousClock.now.duration(to: deadline)
            guard left > .zero else {
                throw ClientError.timedOut(
                    address: address.description, seconds: Int(patience.components.seconds))
            }
            let pause = min(left, idle == nil ? .seconds(60) : .milliseconds(100))
            let count = unsafe poll(&entries, 2, Int32((pause / .milliseconds(1)).rounded(.up)))
            if count > 0, entries[0].revents != 0 { return }
            if count == 0 { idle?() }
        }
    }
}
