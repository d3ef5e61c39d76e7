internal import Glibc
public import RoostCore
internal import RoostEventLoop
internal import RoostHTTP
internal import RoostPersistence
internal import RoostWebhooks

/// A server put together from its parts: log, history, queue, handlers, HTTP, discovery file.
///
/// ```swift
/// var configuration = ApplicationConfiguration()
/// configuration.port = 9000
/// exit(try await RoostApplication.run(configuration, handlers: [WordsHandler()]))
/// ```
public final class RoostApplication: Sendable {
    private let configuration: ApplicationConfiguration
    private let log: LogWriter
    private let logger: Logger
    private let database: JobDatabase
    private let queue: JobQueue
    private let service: RoostService
    private let loops: EventLoopGroup
    private let http: HTTPServer
    private let discovery: DiscoveryFile?
    private let webhooks: WebhookService?
    private let keySource: APIKeySource
    private let keys: APIKeys?

    /// The port listened on.
    public let port: Int
    /// The first address as a URL: `http://127.0.0.1:8080/api/v1`.
    public let url: String

    /// Starts a server: when this returns it answers, and its discovery file is written.
    ///
    /// - Throws: ``StartError``, or what a handler's `start` threw; nothing is left behind then.
    ///
    /// - Parameters:
    ///   - configuration: How it listens, keeps its history and stops.
    ///   - handlers: Makes the handlers; they may keep the logger.
    public init(
        _ configuration: ApplicationConfiguration, handlers: (Logger) throws -> [any Handler]
    ) async throws {
        self.configuration = configuration
        keySource = APIKeySource(file: configuration.apiKeyFile, key: configuration.apiKey)
        var keyWarnings: [String] = []
        keys = try keySource.load { keyWarnings.append($0) }.map(APIKeys.init)
        let addresses = try ListenAddress.resolve(configuration.hosts, hasKeys: keys != nil)
        log = try LogWriter(format: configuration.logFormat)
        logger = log.logger(level: configuration.logLevel)
        var undo = UndoList()
        undo.add { [log] in log.close() }
        do {
            let logger = logger
            for warning in keyWarnings { logger.warning(warning) }
            var registry = HandlerRegistry()
            var bodies: [String: any WebhookBodies] = [:]
            for handler in try handlers(logger) {
                try registry.register(handler)
                bodies[handler.name] = handler as? any WebhookBodies
            }

            let discoveryPath = configuration.projectFolder.map(DiscoveryFile.path(in:))
            database = try await JobDatabase.open(configuration, logger: logger)
            undo.add { [database] in await database.close() }
            // Behind the lock of the database, so that of two starts at once only one looks.
            if let discoveryPath { try Self.check(discoveryPath, logger) }

            queue = JobQueue(
                store: database.store, lanes: registry.lanes, limits: configuration.jobLimits, logger: logger,
                now: WallClock.now)
            webhooks = try configuration.webhooks?.service(
                store: database.outbox, bodies: bodies, logger: logger)
            undo.add { [webhooks] in await webhooks?.stop(within: .zero) }
            queue.onWebhookDue { [weak webhooks] in webhooks?.wake() }
            let metrics = MetricsRegistry()
            metrics.add(ProcessMetrics())
            metrics.add(JobStoreMetrics(database.store, logger: logger))
            service = try RoostService(
                registry: registry, queue: queue,
                info: ServerInfo(version: RoostVersion.current, processID: Int(getpid())),
                maximumBody: configuration.maximumBody, logger: logger, now: WallClock.now,
                metrics: metrics, returnMemory: FreeMemory.giveBack)

            loops = try EventLoopGroup(
                count: max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))), name: "roost-http")
            try loops.start()
            undo.add { [loops] in loops.stopAndJoin() }
            let policy: OriginPolicy
            do {
                policy = try OriginPolicy(
                    boundAddresses: addresses, allowedHosts: configuration.allowedHosts,
                    allowedOrigins: configuration.allowedOrigins)
            } catch { throw UsageError("\(error)") }
            http = HTTPServer(
                service: GuardedService(
                    service, policy: policy, keys: keys,
                    limiter: configuration.requestsPerSecond.map(RateLimiter.init(requestsPerSecond:))),
                options: configuration.httpOptions,
                loops: loops, logger: logger, onExchange: AccessLog.hook(logger))
            do {
                port = try http.bind(addresses: addresses, port: configuration.port)
                if let path = configuration.unixSocket { try http.bind(unixSocket: path) }
            } catch { throw StartError("\(error)") }
            for warning in http.bindWarnings { logger.warning(warning) }
            if let warning = DescriptorLimit.shortage(for: configuration.maximumConnections) {
                logger.warning(warning)
            }
            undo.add { [http] in await http.stop() }
            metrics.add(http)

            try await service.start()
            undo.add { [service] in await service.shutdown() }
            await Self.resume(database, service, logger)
            try await http.start()
            await webhooks?.start()

            discovery = configuration.projectFolder.map { [port] folder in
                DiscoveryFile(
                    port: port, processID: Int(getpid()),
                    project: (try? Project(folder: folder))?.name ?? folder,
                    startedAt: WallClock.now(), handlers: registry.handlerNames)
            }
            if let discoveryPath, let discovery { try discovery.write(to: discoveryPath) }
        } catch {
            await undo.run()
            throw error
        }
        let first = addresses.contains("127.0.0.1") ? "127.0.0.1" : addresses.first ?? ""
        url = "http://\(first.contains(":") ? "[\(first)]" : first):\(port)\(HandlerRegistry.defaultMount)"
        database.sweepRegularly(configuration.retention)
        keepPlacesForOthers()
    }

    /// Jobs that waited when the last server died, before anybody can ask for them.
    private static func resume(_ database: JobDatabase, _ service: RoostService, _ logger: Logger) async {
        let jobs = database.takeInterrupted()
        guard !jobs.isEmpty else { return }
        let taken = await service.resume(jobs)
        logger.warning(
            "jobs that the last server had not started wait again",
            ["count": .int(taken), "ended": .int(jobs.count - taken)])
    }

    /// With several clients, the last tenth of the queue is for those who have nothing in it yet.
    private func keepPlacesForOthers() {
        guard let keys else { return }
        queue.keepPlacesForOthers(keys.clientCount > 1 ? configuration.jobLimits.maximumWaiting / 10 : 0)
    }

    /// Reads the API keys again; when that fails, they stay as they were and the log says why.
    public func reloadKeys() {
        guard let keys else { return }
        do {
            guard let list = try keySource.load(warn: { logger.warning($0) }) else { return }
            keys.replace(with: list)
            keepPlacesForOthers()
            logger.info("the API keys were read again", ["keys": .int(list.count)])
        } catch { logger.error("the API keys stay as they were: \(error)") }
    }

    /// Runs a server until SIGTERM or SIGINT; prints the ready line to standard output.
    ///
    /// - Returns: The exit code: 0 after a clean stop.
    /// - Throws: What the start threw.
    public static func run(
        _ configuration: ApplicationConfiguration, handlers: (Logger) throws -> [any Handler]
    ) async throws -> Int32 {
        DescriptorLimit.raise()
        let signals = try ServerSignals.install(reloads: configuration.apiKeyFile != nil)
        let application = try await RoostApplication(configuration, handlers: handlers)
        Console.print("roost ready on \(application.url)\n")
        for await signal in signals {
            if signal == .stop { break }
            application.reloadKeys()
        }
        Task {
            // The second signal: at once. The worker processes see their channels close and end with us.
            for await signal in signals where signal == .stop { _exit(1) }
        }
        await application.stop()
        return 0
    }

    /// The same for handlers that need no logger at their making.
    ///
    /// - Returns: The exit code: 0 after a clean stop.
    /// - Throws: What the start threw.
    public static func run(_ configuration: ApplicationConfiguration, handlers: [any Handler]) async throws
        -> Int32
    {
        try await run(configuration) { _ in handlers }
    }

    /// Stops cleanly: no new connections, no new jobs; running jobs have ``ApplicationConfiguration/drainPatience``, then they and
    /// everything queued end as `SERVER_STOPPED`; the discovery file goes.
    public func stop() async {
        logger.info("stopping", ["drain_seconds": .int(Int(configuration.drainPatience.components.seconds))])
        // Open connections stay until the jobs are done: whoever asks for another one is told why not.
        http.beginDrain(closingIdle: false)
        await queue.drain(for: configuration.drainPatience)
        http.beginDrain()
        await finishAnswers()
        await http.stop()
        await service.shutdown()
        await webhooks?.stop(within: .seconds(2))
        if let folder = configuration.projectFolder {
            DiscoveryFile.remove(at: DiscoveryFile.path(in: folder), ownedBy: Int(getpid()))
        }
        await database.close()
        loops.stopAndJoin()
        log.close()
    }

    /// Lets answers that are on their way reach their clients, but not for long.
    private func finishAnswers() async {
        let patience = Task { [http] in
            try? await Task.sleep(for: .seconds(2))
            if !Task.isCancelled { await http.stop() }
        }
        await http.awaitDrained()
        patience.cancel()
    }

    private static func check(_ discoveryPath: String, _ logger: Logger) throws(StartError) {
        switch DiscoveryCheck.check(discoveryPath) {
        case .free: break
        case .replace(let warning): logger.warning(warning)
        case .refuse(let reason): throw StartError(reason)
        }
    }
}
