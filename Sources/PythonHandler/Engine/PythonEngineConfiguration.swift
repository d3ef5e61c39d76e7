/// How an engine runs Python.
public struct PythonEngineConfiguration: Sendable {
    /// The `roost-python` executable.
    public var executable: String
    /// A folder of the engine's own, in an existing folder; made, or emptied, at the start. Every job gets a scratch folder below it.
    public var scratch: String
    /// Jobs that run at once.
    public var workers: Int
    /// What stands between two jobs.
    public var isolation = PythonIsolation.process
    /// How long a session stays without a job.
    public var sessionIdle = Duration.seconds(600)
    /// Sessions there may be at once.
    public var maximumSessions = 16
    /// Modules that the server offers to jobs.
    public var modules: [HostModule]
    /// Bytes of JSON a result may have; then its repr is kept, cut.
    public var maximumResult: Int
    /// Bytes a traceback may have; then it is cut in the middle.
    public var maximumTraceback: Int
    /// Entries of a log.
    public var maximumLogEntries: Int
    /// Bytes of one log entry.
    public var maximumLogEntry: Int

    /// The bounds of the contract (§5) unless said otherwise.
    public init(
        executable: String, scratch: String, workers: Int, modules: [HostModule] = [],
        maximumResult: Int = 1 << 20, maximumTraceback: Int = 64 << 10, maximumLogEntries: Int = 10_000,
        maximumLogEntry: Int = 64 << 10
    ) {
        self.executable = executable
        self.scratch = scratch
        self.workers = max(1, workers)
        self.modules = modules
        self.maximumResult = maximumResult
        self.maximumTraceback = maximumTraceback
        self.maximumLogEntries = maximumLogEntries
        self.maximumLogEntry = maximumLogEntry
    }
}
