internal import Glibc
internal import RoostCore
internal import RoostEventLoop

/// The server's part on one loop: accepts connections and keeps those it accepted.
actor ServerLoop {
    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.asUnownedSerialExecutor() }

    nonisolated let service: any HTTPService
    nonisolated let options: HTTPOptions
    nonisolated let logger: Logger
    nonisolated let date: DateField
    nonisolated let readBuffer = ReadBuffer()
    private nonisolated let onExchange: (@Sendable (Exchange) -> Void)?
    nonisolated var wantsReports: Bool { onExchange != nil }
    nonisolated let requestTally = RequestTally()
    nonisolated let connectionTally: ConnectionTally
    private nonisolated let count: ConnectionCount

    private var listeners: [Listener] = []
    private var turn: LoopTurn?
    private var isClosing = false
    private var registrations: [EventLoop.Registration] = []
    private var connections: [ObjectIdentifier: Connection] = [:]
    private var reserve: OwnedDescriptor?

    /// Connections taken up at one wake-up, so that those already open get their turn.
    private static let acceptBatch = 64
    /// How many connections beyond the limit may be held while they read their refusal.
    private static let refusals = 64
    /// How long nothing is accepted after descriptors have run out.
    private static let backOff = Duration.milliseconds(100)

    init(
        loop: EventLoop, service: any HTTPService, options: HTTPOptions, logger: Logger, date: DateField,
        count: ConnectionCount, connectionTally: ConnectionTally, onExchange: (@Sendable (Exchange) -> Void)?
    ) {
        self.loop = loop
        self.service = service
        self.options = options
        self.logger = logger
        self.date = date
        self.count = count
        self.connectionTally = connectionTally
        self.onExchange = onExchange
    }

    /// Begins to accept.
    ///
    /// - Throws: `epoll_ctl`.
    func start(_ listeners: [Listener], _ turn: LoopTurn) throws {
        self.listeners = listeners
        self.turn = turn
        reserve = Self.openReserve()
        try resume()
    }

    /// Accepts no more, closes idle connections if asked to, and lets the others finish their request.
    func beginDrain(closingIdle: Bool) {
        letGo()
        for connection in connections.values {
            connection.assumeIsolated { $0.beginDrain(closingIdle: closingIdle) }
        }
    }

    /// Accepts no more and ends all connections at once.
    func stop() {
        letGo()
        for connection in connections.values { connection.assumeIsolated { $0.abort() } }
    }

    /// Returns when all that was asked of this loop before has been done.
    func settle() {}

    func closed(_ connection: Connection) {
        guard connections.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return }
        count.remove()
    }

    nonisolated func report(_ report: ConnectionStateMachine.Report, _ client: ClientAddress) {
        onExchange?(
            Exchange(
                requestID: report.requestID, clientName: report.clientName, method: report.method,
                target: report.target,
                status: report.status,
                bodyBytes: report.bodyBytes, duration: report.duration, client: client,
                isComplete: report.isComplete))
    }

    // MARK: Accepting

    private func resume() throws(SystemError) {
        for listener in listeners {
            registrations.append(
                try loop.register(descriptor: listener.socket.rawValue, interest: [.read, .exclusive]) {
                    [self] _ in
                    assumeIsolated { $0.accept(from: listener) }
                })
        }
    }

    private func pause() {
        for registration in registrations { registration.cancel() }
        registrations = []
    }

    private func letGo() {
        pause()
        listeners = []
        turn = nil
        isClosing = true
    }

    private func accept(from listener: Listener) {
        do throws(SystemError) {
            for _ in 0..<Self.acceptBatch {
                guard let turn, let (socket, peer) = try Sockets.accept(listener.socket.rawValue) else {
                    return
                }
                let client = ClientAddress(host: peer?.text ?? "", serverPort: listener.port)
                let open = count.add()
                connectionTally.accept()
                let worker = turn.next()
                if worker === self {
                    take(socket, client, open: open)
                } else {
                    worker.loop.execute {
                        worker.assumeIsolated { $0.take(socket, client, open: open) }
                    }
                }
            }
        } catch {
            logger.warning("Cannot accept a connection: \(error)")
            if error.code == EMFILE || error.code == ENFILE { refuseWithReserve(listener) }
            backOff()
        }
    }

    /// Takes over an accepted socket that was counted already, as the `open`th.
    private func take(_ descriptor: Int32, _ client: ClientAddress, open: Int) {
        let socket = OwnedDescriptor(adopting: descriptor)
        if open > options.maximumConnections { connectionTally.refuseBeyondLimit() }
        guard !isClosing, open <= options.maximumConnections + Self.refusals else { return count.remove() }
        let connection = Connection(owner: self, socket: socket, client: client)
        connections[ObjectIdentifier(connection)] = connection
        let refusal =
            open <= options.maximumConnections
            ? nil
            : APIFailure(.serverError, status: .serviceUnavailable, message: "Too many connections are open")
                .with(field: "Retry-After", "1")
        connection.assumeIsolated { $0.open(refusal: refusal) }
    }

    /// Without a free descriptor connections would stay in the queue, their clients waiting for nothing: the
    /// descriptor held back lets them be taken out and closed, one after the other.
    private func refuseWithReserve(_ listener: Listener) {
        if reserve == nil { reserve = Self.openReserve() }
        guard reserve != nil else { return }
        reserve = nil
        for _ in 0..<Self.acceptBatch {
            guard let (socket, _) = try? Sockets.accept(listener.socket.rawValue) else { break }
            close(socket)
            connectionTally.refuseWithoutDescriptor()
        }
        reserve = Self.openReserve()
    }

    private func backOff() {
        pause()
        guard !isClosing else { return }
        _ = loop.schedule(after: Self.backOff) { [self] in
            assumeIsolated { loop in
                do { try loop.resume() } catch {
                    loop.logger.warning("Cannot listen again yet: \(error)")
                    loop.backOff()
                }
            }
        }
    }

    private static func openReserve() -> OwnedDescriptor? {
        try? OwnedDescriptor(result: unsafe open("/dev/null", O_RDONLY | O_CLOEXEC), of: "open")
    }
}
