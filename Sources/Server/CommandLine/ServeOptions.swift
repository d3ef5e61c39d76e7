import RoostCore

/// The options of `roost serve`: declared here and nowhere else.
enum ServeOptions {
    static let host = Option<String>(
        "host", "ADDR", "address to listen on; may be repeated", default: "127.0.0.1 and ::1", repeats: true)
    static let port = Option<Int>(
        "port", "N", "port to listen on; 0 takes any free one", default: "8080", in: 0...65_535)
    static let unix = Option<String>(
        "unix", "PATH", "also listen on a Unix domain socket, for this user only (mode 0600)")
    static let project = Option<String>(
        "project", "DIR", "the project served; its name is that of its *.uproject file, else the folder's",
        default: "current folder")
    static let database = Option<String>("database", "PATH", "job history", default: "DIR/Saved/Roost.sqlite")
    static let durability = Option<HistoryDurability>(
        "durability", "normal|full",
        "what an answered job survives: normal the death of the server, full a power cut, too",
        default: "normal")
    static let resume = Option<InterruptedJobs>(
        "resume", "fail|requeue",
        "whether jobs that waited when the last server died fail or run; those that ran fail", default: "fail"
    )
    static let workers = Option<Int>(
        "workers", "N", "Python jobs that run at once", default: "number of cores", in: 1...1024)
    static let isolation = Option<Isolation>(
        "isolation", "process|shared",
        "a fresh process for each job, or long-lived interpreters with a fresh __main__ for each job",
        default: "process")
    static let sessionIdle = Option<Int>(
        "session-idle", "SECONDS", "a session without a job for so long is ended", default: "600",
        in: 1...31_536_000)
    static let maxSessions = Option<Int>(
        "max-sessions", "N", "sessions there may be at once; one more is refused with 429", default: "16",
        in: 0...10_000)
    static let maxQueue = Option<Int>(
        "max-queue", "N", "jobs that may wait; one more is refused with 429", default: "1000",
        in: 0...10_000_000)
    static let maxBody = Option<Int>(
        "max-body", "BYTES", "largest request body", default: "10485760", in: 1...1 << 30)
    static let maxOutput = Option<Int>(
        "max-output", "BYTES", "kept of each output stream of a job; the rest is dropped",
        default: "10485760",
        in: 0...1 << 30)
    static let retentionAge = Option<Int>(
        "retention-age", "SECONDS", "finished jobs older than this are swept away",
        default: "2592000 (30 days)",
        in: 0...1 << 40)
    static let retentionCount = Option<Int>(
        "retention-count", "N", "finished jobs kept at most", default: "1000000", in: 0...1 << 40)
    static let apiKeyFile = Option<String>(
        "api-key-file", "PATH",
        "API keys, one a line as KEY or NAME:KEY; every request then needs one; a key can also be in ROOST_API_KEY"
    )
    static let rateLimit = Option<RequestRate>(
        "rate-limit", "N/s", "requests that each key, or else each address, may make in a second",
        default: "no limit")
    static let allowHost = Option<String>(
        "allow-host", "NAME", "further Host that may be asked for; may be repeated", repeats: true)
    static let allowOrigin = Option<String>(
        "allow-origin", "ORIGIN", "web origin that may call, such as https://tools.example; may be repeated",
        repeats: true)
    static let dialect = Option<Dialect>(
        "python-dialect", "reference|classic", "field names of the Python handler's answers",
        default: "reference")
    static let pythonWorker = Option<String>(
        "python-worker", "PATH", "the roost-python program", default: "beside roost")
    static let pythonVenv = Option<String>(
        "python-venv", "DIR", "virtual environment whose packages jobs can import")
    static let pythonPath = Option<String>(
        "python-path", "DIR", "folder in front of sys.path of jobs; may be repeated", repeats: true)
    static let preload = Option<ModuleNames>(
        "preload", "MODULE,…", "modules imported before jobs are forked, so that they cost a job nothing",
        repeats: true)
    static let sandbox = Option<SandboxName>(
        "sandbox", "off|limits|strict",
        "how Python jobs are confined: limits sets resource limits and keeps jobs from the server and each other; strict adds no network, read-only files, a process table of their own and a system-call filter",
        default: "limits")
    static let memoryLimit = Option<Int>(
        "memory-limit", "BYTES", "memory of each process of a job; strict bounds the whole job",
        default: "1073741824", in: 1...1 << 50)
    static let processLimit = Option<Int>(
        "process-limit", "N", "processes and threads of a job", default: "64", in: 1...1_000_000)
    static let fileLimit = Option<Int>(
        "file-limit", "BYTES", "size of each file that a job writes", default: "268435456", in: 0...1 << 50)
    static let jobUserBase = Option<Int>(
        "job-user-base", "UID", "as root: first of the unprivileged users that jobs run as", default: "61000",
        in: 1...2_000_000_000)
    static let codeWebhookMode = Option<CodeWebhookMode>(
        "code-webhook-mode", "sync|async",
        "whether a request with a webhook_url also gets the result itself (sync) or only 202", default: "sync"
    )
    static let webhookSecretFile = Option<String>(
        "webhook-secret-file", "PATH",
        "signs webhooks: one whsec_… secret a line (Standard Webhooks); each line makes a signature")
    static let webhookAllowPrivate = Switch(
        "webhook-allow-private",
        "also send webhooks to loopback, private and link-local addresses; only for networks you trust")
    static let examples = Switch("examples", "also register the example handlers echo, notes and countdown")
    static let drain = Option<Int>(
        "drain-seconds", "N", "how long a stop waits for running jobs", default: "10", in: 0...86_400)
    static let headerTimeout = Option<Int>(
        "header-timeout", "SECONDS", "time for a request's head to arrive", default: "10", in: 1...3600)
    static let bodyTimeout = Option<Int>(
        "body-timeout", "SECONDS", "time without progress of a request's body", default: "30", in: 1...3600)
    static let idleTimeout = Option<Int>(
        "idle-timeout", "SECONDS", "time an idle connection is kept", default: "60", in: 1...86_400)
    static let writeTimeout = Option<Int>(
        "write-timeout", "SECONDS", "time without progress of an answer", default: "30", in: 1...3600)
    static let maxConnections = Option<Int>(
        "max-connections", "N", "open connections; one more is answered with 503", default: "10000",
        in: 1...1_000_000)
    static let logLevel = Option<LogLevelName>(
        "log-level", "debug|info|warning|error", "on standard error; one line a request at info",
        default: "info")
    static let logFormat = Option<LogFormat>(
        "log-format", "text|json", "form of the log lines", default: "text")

    /// All of them, as the help lists them.
    static let sections = [
        OptionSection(
            "Listening",
            [host, port, unix, allowHost, allowOrigin, apiKeyFile, rateLimit, maxBody, maxConnections]
        ),
        OptionSection(
            "Project and history", [project, database, durability, resume, retentionAge, retentionCount]),
        OptionSection(
            "Running Python",
            [
                workers, isolation, sessionIdle, maxSessions, maxQueue, maxOutput, dialect, pythonWorker,
                pythonVenv, pythonPath, preload,
            ]
        ),
        OptionSection("Sandbox", [sandbox, memoryLimit, processLimit, fileLimit, jobUserBase]),
        OptionSection("Webhooks", [codeWebhookMode, webhookSecretFile, webhookAllowPrivate]),
        OptionSection("Time", [drain, headerTimeout, bodyTimeout, idleTimeout, writeTimeout]),
        OptionSection("Other", [examples, logLevel, logFormat]),
    ]
}

/// The names of the dialects on the command line.
enum Dialect: String, CaseIterable, OptionValue {
    case reference
    case classic
}

/// The names of the ways to answer a request with a webhook.
enum CodeWebhookMode: String, CaseIterable, OptionValue {
    case sync
    case async
}

/// The names of the sandbox's modes on the command line.
enum SandboxName: String, CaseIterable, OptionValue {
    case off
    case limits
    case strict
}

/// The names of the kinds of isolation on the command line.
enum Isolation: String, CaseIterable, OptionValue {
    case process
    case shared
}

/// The names of the levels on the command line.
enum LogLevelName: String, CaseIterable, OptionValue {
    case debug
    case info
    case warning
    case error

    var level: Logger.Level {
        switch self {
        case .debug: .debug
        case .info: .info
        case .warning: .warning
        case .error: .error
        }
    }
}
