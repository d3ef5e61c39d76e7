/// What an engine is doing; what `/health` shows.
public struct PythonStatus: Sendable, Equatable {
    /// Of the embedded Python, such as `3.11.2`; empty before the first worker is ready.
    public var version: String
    /// What stands between two jobs.
    public var isolation: PythonIsolation
    /// Jobs that may run at once.
    public var workers: Int
    /// Jobs that hold a process.
    public var busy: Int
    /// Processes that wait for a job.
    public var ready: Int
    /// Named sessions.
    public var sessions: Int
    /// The process id of `roost-python`, while there is one.
    public var workerPID: Int32?
    /// How jobs are confined; nothing is known to hold before the first worker is ready.
    public var sandbox: PythonSandbox.Status
    /// The processes there have been.
    package var processes = ProcessTally()
}
