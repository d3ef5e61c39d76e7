package import RoostCore

/// What the engine needs of a job: ``JobContext`` in a server, something simpler in a test.
package protocol ExecutionContext: Sendable {
    /// The job's id.
    var id: JobID { get }
    /// Called when there is no process yet, before the job waits for one.
    func queue() async throws
    /// Called once a process is there, before the code runs.
    func start() async throws
    /// Takes standard output.
    func writeOutput(_ bytes: [UInt8])
    /// Takes standard error.
    func writeError(_ bytes: [UInt8])
    /// Takes a log entry.
    func log(_ level: JobLogEntry.Level, _ message: String)
    /// Takes how far the job says it is.
    func progress(_ fraction: Double, _ message: String)
    /// The time it has to run; nil for one without a limit.
    var timeoutMilliseconds: Int? { get }
    /// Called when the job runs in a session whose earlier state was lost.
    func markSessionReset()
    /// Why the job has to stop; set before its task is cancelled.
    var stopReason: JobStopReason? { get }
}

extension JobContext: ExecutionContext {
    package var timeoutMilliseconds: Int? { live.snapshot.summary.timeoutMilliseconds }
}

extension ExecutionContext {
    /// Nothing.
    package func queue() async throws {}
    /// None.
    package var timeoutMilliseconds: Int? { nil }
}
