internal import Glibc
public import RoostCore
public import RoostEventLoop
internal import Synchronization

/// An HTTP/1.1 server for one service on the loops given.
///
/// ```swift
/// let loops = try EventLoopGroup(count: 2, name: "http")
/// try loops.start()
/// let server = HTTPServer(service: service, loops: loops, logger: logger)
/// let port = try server.bind(addresses: ["127.0.0.1", "::1"], port: 8080)
/// try await server.start()
/// …
/// server.beginDrain()
/// await server.awaitDrained()
/// await server.stop()
/// loops.stopAndJoin()
/// ```
/// Each address has one listening socket that all loops share (`EPOLLEXCLUSIVE`), so that no second process can
/// bind the port beside it.
public final class HTTPServer: Sendable {
    private let workers: [ServerLoop]
    private let options: HTTPOptions
    private let count = ConnectionCount()
    private let connectionTally = ConnectionTally()
    private let state = Mutex<(listeners: [Listener], warnings: [String])>(([], []))
    private let listen: Listen

    /// ``Sockets/listen(on:backlog:)``, or in a test what another machine would say.
    typealias Listen = @Sendable (SocketAddress, Int32) throws(SystemError) -> OwnedDescriptor

    /// Puts a server together; nothing listens before ``bind(addresses:port:)``.
    ///
    /// - Parameters:
    ///   - service: What answers.
    ///   - options: Limits and time-outs.
    ///   - loops: Started by the caller, and stopped by the caller after ``stop()``.
    ///   - logger: Gets what goes wrong with connections and streams.
    ///   - onExchange: Called on a loop's thread after each answer; must not block. Nothing is gathered for
    ///     it that the server does not know anyway.
    public convenience init(
        service: any HTTPService, options: HTTPOptions = HTTPOptions(), loops: EventLoopGroup, logger: Logger,
        onExchange: (@Sendable (Exchange) -> Void)? = nil
    ) {
        self.init(
            service: service, options: options, loops: loops, logger: logger, onExchange: onExchange,
            listen: { address, backlog throws(SystemError) in
                try Sockets.listen(on: address, backlog: backlog)
            })
    }

    init(
        service: any HTTPService, options: HTTPOptions, loops: EventLoopGroup, logger: Logger,
        onExchange: (@Sendable (Exchange) -> Void)?, listen: @escaping Listen
    ) {
        self.options = options
        self.listen = listen
        let (date, count, connectionTally) = (DateField(), count, connectionTally)
        workers = loops.loops.map {
            ServerLoop(
                loop: $0, service: service, options: options, logger: logger, date: date, count: count,
                connectionTally: connectionTally, onExchange: onExchange)
        }
    }

    // MARK: Listening

    /// Listens on every address with one port number; connections wait in the kernel until ``start()``.
    ///
    /// `::1` on a machine without IPv6 is left out with a warning, unless nothing else is asked for.
    ///
    /// - Parameters:
    ///   - addresses: Numeric IPv4 or IPv6 addresses.
    ///   - port: 0 for any number that is free on all of them.
    /// - Returns: The port.
    /// - Throws: Why not; nothing listens then.
    public func bind(addresses: [String], port: Int) throws(BindError) -> Int {
        guard (0...65_535).contains(port) else { throw .notAPort(port) }
        var parsed: [(String, SocketAddress)] = []
        for text in addresses {
            guard let address = SocketAddress(text, port: port) else { throw .notAnAddress(text) }
            // The same address twice would find itself in use.
            if !parsed.contains(where: { $0.1 == address }) { parsed.append((text, address)) }
        }
        guard let first = addresses.first else { throw .notAnAddress("") }
        // A number that the first address gave freely may be taken on the second: then another is tried.
        for _ in 0..<(port == 0 ? 64 : 1) {
            if let port = try attempt(parsed, mayRetry: port == 0) { return port }
        }
        throw .inUse(address: first, port: port)
    }

    /// Also listens on a Unix domain socket, mode 0600; after ``bind(addresses:port:)``. The file goes when the server
    /// stops listening.
    ///
    /// Its clients have an empty ``ClientAddress/host``.
    ///
    /// - Throws: ``BindError/unixSocket(path:reason:)``; a socket there that nobody listens at is replaced.
    public func bind(unixSocket path: String) throws(BindError) {
        let listener = try UnixSocket.listen(at: path, backlog: options.backlog)
        state.withLock { $0.listeners.append(listener) }
    }

    /// What ``bind(addresses:port:)`` left out, a line each.
    public var bindWarnings: [String] { state.withLock { $0.warnings } }

    /// The addresses listened on.
    public var boundAddresses: [String] { state.withLock { $0.listeners.map(\.address) } }

    /// Binds all addresses; nil when port 0 gave a number that one of them cannot have.
    private func attempt(_ addresses: [(String, SocketAddress)], mayRetry: Bool) throws(BindError) -> Int? {
        var listeners: [Listener] = []
        var warnings: [String] = []
        var left: BindError?
        for (text, wanted) in addresses {
            var address = wanted
            if let first = listeners.first { address.port = first.port }
            do throws(SystemError) {
                let socket = try listen(address, options.backlog)
                let port = try Sockets.port(of: socket.rawValue)
                listeners.append(Listener(address: wanted.text, port: port, socket: socket))
            } catch {
                if error.code == EADDRINUSE {
                    if mayRetry, !listeners.isEmpty { return nil }
                    throw .inUse(address: text, port: address.port)
                }
                let refusal = BindError.refused(
                    address: text, port: address.port, reason: SystemError.text(of: error.code))
                guard wanted.family == AF_INET6, wanted.isLoopback,
                    error.code == EADDRNOTAVAIL || error.code == EAFNOSUPPORT
                else { throw refusal }
                left = refusal
                warnings.append("\(refusal); serving the other addresses only")
            }
        }
        guard let port = listeners.first?.port else {
            throw left ?? .notAnAddress("")
        }
        state.withLock { $0 = (listeners, warnings) }
        return port
    }

    // MARK: Life

    /// Begins to accept connections on all loops.
    ///
    /// - Throws: `epoll_ctl` (``SystemError``), when the kernel has no room for another watch.
    public func start() async throws {
        let listeners = state.withLock { $0.listeners }
        let turn = LoopTurn(workers)
        for worker in workers { try await worker.start(listeners, turn) }
    }

    /// Stops listening and closes idle connections; from any thread. Requests that are being answered finish,
    /// and their connections close behind them.
    ///
    /// - Parameter closingIdle: Whether connections without a request are closed now. If not, they may bring one
    ///   more each, whose answer says `Connection: close`; call again to close the rest.
    public func beginDrain(closingIdle: Bool = true) {
        letGoOfListeners()
        for worker in workers {
            worker.loop.execute { worker.assumeIsolated { $0.beginDrain(closingIdle: closingIdle) } }
        }
    }

    /// Returns when the last connection has closed; after ``beginDrain()``.
    public func awaitDrained() async {
        // Twice: the first round ends accepting, the second sees what was handed from loop to loop meanwhile.
        for worker in workers { await worker.settle() }
        for worker in workers { await worker.settle() }
        await count.waitForNone()
    }

    /// Stops listening and cuts all connections; requests that are being answered are cancelled.
    public func stop() async {
        letGoOfListeners()
        for worker in workers { await worker.stop() }
    }

    /// How many connections are open.
    public var connectionCount: Int { count.current }

    /// How many answers are being sent while they are produced.
    var openStreams: Int { connectionTally.openStreams }

    private func letGoOfListeners() {
        // Taken out under the lock and released outside; the sockets close when the loops have let go of them too.
        let listeners = state.withLock { state -> [Listener] in
            defer { state.listeners = [] }
            return state.listeners
        }
        for listener in listeners { listener.file?.remove() }
    }
}

extension HTTPServer: MetricsSource {
    /// Connections, requests by route and status, and how long they took; from memory.
    public func metrics() async -> [MetricFamily] {
        connectionTally.families(open: connectionCount) + RequestTally.families(workers.map(\.requestTally))
    }
}
