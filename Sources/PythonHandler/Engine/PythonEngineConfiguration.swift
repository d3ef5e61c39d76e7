/// How an engine runs Python.
public struct PythonEngineConfiguration: Sendable {
    /// The `roost-python` executable; beside this program unless said otherwise.
    public var executable: String
    /// A folder of the engine's own, in an existing folder; made, or emptied, at the start. Every job gets a scratch folder below it.
    ///
    /// The default is a new one for each process; with a name that stays the same, the next start removes what a
    /// killed one left.
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
    /// A virtual environment for the embedded Python's version, absolute: its packages can be imported by jobs. One
    /// that cannot be used is refused at the start.
    public var virtualEnvironment: String?
    /// Folders in front of `sys.path`, absolute; one that is missing is refused at the start.
    public var paths: [String] = []
    /// Modules to import before jobs are forked, so that they cost a job nothing; one that cannot be imported is
    /// refused at the start.
    public var preload: [String] = []
    /// A folder of the project's own Python, absolute. Where it is there it stands on `sys.path` behind ``paths``, and
    /// its `init_unreal.py` runs once in each parent process, before jobs are forked; its errors go to the log.
    public var projectScripts: String?
    /// Bytes of JSON a result may have; then its repr is kept, cut.
    public var maximumResult: Int
    /// Bytes a traceback may have; then it is cut in the middle.
    public var maximumTraceback: Int
    /// Entries of a log.
    public var maximumLogEntries: Int
    /// Bytes of one log entry.
    public var maximumLogEntry: Int
    /// How jobs are confined.
    public var sandbox = PythonSandbox()

    /// The bounds of the contract (§5) unless said otherwise.
    public init(
        executable: String = Self.executableBesideProgram, scratch: String = Self.temporaryScratch,
        workers: Int = Self.workersForMachine, modules: [HostModule] = [], maximumResult: Int = 1 << 20,
        maximumTraceback: Int = 64 << 10, maximumLogEntries: Int = 10_000,
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
