internal import CLinux
internal import ExampleHandlers
internal import Glibc
import RoostCore
internal import RoostPython
internal import RoostWebhooks

/// `roost serve`: options in, a running server out.
enum ServeCommand {
    static let declaration: Command = Command(
        name: "serve", summary: "start the server",
        discussion: """
            Serves Python execution and job history over HTTP. When it is ready it prints one line, 'roost ready on
            http://ADDRESS:PORT/api/v1', to standard output; everything else goes to standard error.

            SIGTERM or SIGINT stops after running jobs have had --drain-seconds; a second one stops at once. SIGHUP
            reads the API keys again.
            """,
        sections: ServeOptions.sections,
        exitCodes: [
            ExitCode("0", "a clean stop"), ExitCode("1", "the start failed; one line says why"),
            ExitCode("2", "wrong usage"),
        ],
        examples: [
            "roost serve --project .", "roost serve --project ~/MyGame --port 0 --workers 4",
        ],
        body: .run { try await serve($0.values, key: $0.environment[APIKeySource.variable]) })

    private static func serve(_ values: ParsedOptions, key: String?) async throws -> Int32 {
        APIKeySource.hideFromEnvironment()
        let project = try Project(folder: values[ServeOptions.project] ?? ".")
        var configuration = configuration(values)
        configuration.projectFolder = project.folder
        configuration.apiKey = key.flatMap { $0.isEmpty ? nil : $0 }
        let database = values[ServeOptions.database] ?? project.folder + "/Saved/Roost.sqlite"
        configuration.database = database

        let webhooks = WebhookConfiguration(
            executable: beside(own: "roost-webhooks"), secretFile: values[ServeOptions.webhookSecretFile],
            allowPrivate: values[ServeOptions.webhookAllowPrivate])
        configuration.webhooks = webhooks

        var engine = PythonEngineConfiguration(
            executable: try workerPath(values[ServeOptions.pythonWorker]),
            scratch: ScratchFolder.path(for: database),
            workers: values[ServeOptions.workers] ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))),
            modules: [UnrealModule.make(project: ProjectFolder(path: project.folder))])
        engine.virtualEnvironment = values[ServeOptions.pythonVenv].map(Files.absolute)
        engine.paths = values.all(ServeOptions.pythonPath).map(Files.absolute)
        engine.preload = values.all(ServeOptions.preload).flatMap(\.names)
        engine.projectScripts = project.folder + "/Content/Python"
        engine.sandbox = sandbox(values, database: database)
        if engine.sandbox.mode != .off, geteuid() != 0 {
            // Jobs may then be this user; none may look into our memory or environment (PR_SET_DUMPABLE, prctl(2)).
            _ = clinux_prctl(Int32(PR_SET_DUMPABLE), 0)
        }
        engine.isolation = values[ServeOptions.isolation] == .shared ? .shared : .process
        engine.sessionIdle = seconds(values[ServeOptions.sessionIdle]) ?? engine.sessionIdle
        engine.maximumSessions = values[ServeOptions.maxSessions] ?? engine.maximumSessions
        return try await RoostApplication.run(configuration) { [engine] logger in
            let engine = try PythonEngine(configuration: engine, logger: logger)
            let python = PythonHandler(
                engine: engine, dialect: values[ServeOptions.dialect] == .classic ? .classic : .reference)
            var handlers: [any Handler] = [
                python,
                CodeHandler(
                    engine: engine, buildNumber: RoostVersion.current, history: python,
                    webhooks: webhooks.gate(logger),
                    answersWebhooksAtOnce: values[ServeOptions.codeWebhookMode] == .async),
            ]
            if values[ServeOptions.examples] {
                handlers.append(EchoHandler())
                handlers.append(NotesHandler(databasePath: database + ".notes"))
                handlers.append(CountdownHandler())
            }
            return handlers
        }
    }

    private static func sandbox(_ values: ParsedOptions, database: String) -> PythonSandbox {
        var sandbox = PythonSandbox()
        sandbox.mode = values[ServeOptions.sandbox].flatMap { .init(rawValue: $0.rawValue) } ?? sandbox.mode
        sandbox.memoryLimit = values[ServeOptions.memoryLimit] ?? sandbox.memoryLimit
        sandbox.processLimit = values[ServeOptions.processLimit] ?? sandbox.processLimit
        sandbox.fileLimit = values[ServeOptions.fileLimit] ?? sandbox.fileLimit
        sandbox.jobUserBase = values[ServeOptions.jobUserBase] ?? sandbox.jobUserBase
        let path = ScratchFolder.canonical(database)
        sandbox.protectedPaths =
            ["", "-wal", "-shm", ".lock", ".notes"].map { path + $0 }
            + [ServeOptions.unix, ServeOptions.apiKeyFile, ServeOptions.webhookSecretFile].compactMap {
                values[$0].map(ScratchFolder.canonical)
            }
        return sandbox
    }

    private static func configuration(_ values: ParsedOptions) -> ApplicationConfiguration {
        var configuration = ApplicationConfiguration()
        let hosts = values.all(ServeOptions.host)
        if !hosts.isEmpty { configuration.hosts = hosts }
        configuration.port = values[ServeOptions.port] ?? configuration.port
        configuration.unixSocket = values[ServeOptions.unix]
        configuration.apiKeyFile = values[ServeOptions.apiKeyFile]
        configuration.requestsPerSecond = values[ServeOptions.rateLimit]?.perSecond
        configuration.allowedHosts = values.all(ServeOptions.allowHost)
        configuration.allowedOrigins = values.all(ServeOptions.allowOrigin)
        configuration.durability = values[ServeOptions.durability] ?? configuration.durability
        configuration.interruptedJobs = values[ServeOptions.resume] ?? configuration.interruptedJobs
        if let seconds = values[ServeOptions.retentionAge] {
            configuration.retention.maximumAgeMilliseconds = Int64(seconds) * 1000
        }
        configuration.retention.maximumCount =
            values[ServeOptions.retentionCount] ?? configuration.retention.maximumCount
        configuration.jobLimits.maximumWaiting =
            values[ServeOptions.maxQueue] ?? configuration.jobLimits.maximumWaiting
        configuration.jobLimits.maximumOutputBytes =
            values[ServeOptions.maxOutput] ?? configuration.jobLimits.maximumOutputBytes
        configuration.maximumBody = values[ServeOptions.maxBody] ?? configuration.maximumBody
        configuration.maximumConnections =
            values[ServeOptions.maxConnections] ?? configuration.maximumConnections
        configuration.headerTimeout =
            seconds(values[ServeOptions.headerTimeout]) ?? configuration.headerTimeout
        configuration.bodyTimeout = seconds(values[ServeOptions.bodyTimeout]) ?? configuration.bodyTimeout
        configuration.idleTimeout = seconds(values[ServeOptions.idleTimeout]) ?? configuration.idleTimeout
        configuration.writeTimeout = seconds(values[ServeOptions.writeTimeout]) ?? configuration.writeTimeout
        configuration.drainPatience = seconds(values[ServeOptions.drain]) ?? configuration.drainPatience
        configuration.logLevel = values[ServeOptions.logLevel]?.level ?? configuration.logLevel
        configuration.logFormat = values[ServeOptions.logFormat] ?? configuration.logFormat
        return configuration
    }

    private static func seconds(_ number: Int?) -> Duration? { number.map { .seconds($0) } }

    private static func beside(own name: String) -> String {
        let own = Files.canonical("/proc/self/exe") ?? ""
        return String(own.dropLast(own.split(separator: "/").last?.count ?? 0)) + name
    }

    /// The program beside this one, unless another is named.
    private static func workerPath(_ given: String?) throws(StartError) -> String {
        let path = given ?? beside(own: "roost-python")
        guard unsafe access(path, X_OK) == 0, !Files.isFolder(path) else {
            throw StartError(
                "cannot run the Python worker '\(path)'; build it with 'swift build' or name it with --python-worker"
            )
        }
        return path
    }
}
