public import RoostCore
internal import RoostHTTP

/// How a Roost server listens, keeps its history and stops. The defaults are those of `roost serve`.
public struct ApplicationConfiguration: Sendable {
    /// Numeric addresses to listen on. `::1` on a machine without IPv6 is a warning, any other failure an error.
    public var hosts: [String] = ["127.0.0.1", "::1"]
    /// 0 takes any free port, one number for all addresses.
    public var port = 8080
    /// A Unix domain socket to listen on as well, for the same user only (mode 0600); nil for none.
    public var unixSocket: String?
    /// A file of API keys, one a line, which SIGHUP has read again; as `key` or `name:key`. With keys every request but
    /// `/health` needs one, and only then addresses beyond loopback may be listened on.
    public var apiKeyFile: String?
    /// One more API key.
    public var apiKey: String?
    /// Requests that each client may make in a second, by its key's name or else its address; nil for no limit.
    public var requestsPerSecond: Int?
    /// Further values of `Host` that may be asked for, beside loopback names and the addresses listened on.
    public var allowedHosts: [String] = []
    /// Web origins that may call.
    public var allowedOrigins: [String] = []
    /// Path of the job history; nil keeps it in memory only.
    public var database: String?
    /// What is on the disk when an answer is sent.
    public var durability = HistoryDurability.normal
    /// What becomes of jobs that waited when the last server died.
    public var interruptedJobs = InterruptedJobs.fail
    /// What is swept away.
    public var retention = JobRetention()
    /// What one job may leave behind, and how many may wait.
    public var jobLimits = JobLimits()
    /// Largest request body in bytes.
    public var maximumBody = 10 << 20
    /// Open connections; one more is answered with 503.
    public var maximumConnections = 10_000
    /// Time for a request's head to arrive.
    public var headerTimeout = Duration.seconds(10)
    /// Time without progress of a request's body.
    public var bodyTimeout = Duration.seconds(30)
    /// Time an idle connection is kept.
    public var idleTimeout = Duration.seconds(60)
    /// Time without progress of an answer.
    public var writeTimeout = Duration.seconds(30)
    /// How long a stop waits for running jobs.
    public var drainPatience = Duration.seconds(10)
    /// The least level of log lines on standard error.
    public var logLevel = Logger.Level.info
    /// The form of log lines.
    public var logFormat = LogFormat.text
    /// How webhooks are sent; nil when none are, as always without a ``database``.
    public var webhooks: WebhookConfiguration?
    /// The project folder whose discovery file announces the server; nil announces nothing.
    public var projectFolder: String?

    /// The defaults.
    public init() {}

    var httpOptions: HTTPOptions {
        var options = HTTPOptions()
        options.maximumConnections = maximumConnections
        options.headerTimeout = headerTimeout
        options.bodyTimeout = bodyTimeout
        options.idleTimeout = idleTimeout
        options.writeTimeout = writeTimeout
        return options
    }
}
