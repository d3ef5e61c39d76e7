/// What a job's work is given: its output, its log, and why it has to stop.
///
/// May be used from any thread; no call blocks.
public struct JobContext: Sendable {
    package let live: LiveJob

    package init(live: LiveJob) { self.live = live }

    /// The job's id.
    public var id: JobID { live.id }

    /// Marks the job as started: its row says `running`, its clock runs. Only for a request that ``JobRequest/startsItself``.
    ///
    /// - Throws: `SERVER_ERROR` (500) when the start could not be written, or `CancellationError` when the job has
    ///   been stopped meanwhile; the work lets either pass.
    public func start() async throws { try await live.start() }

    /// Has the job written as one that waits, unless it is; see ``JobRequest/isWrittenByWork``.
    ///
    /// - Throws: Why it could not be written; the work lets it pass.
    public func queue() async throws { try await live.insert() }

    /// Adds to standard output; beyond the limit it is dropped and the job marked as truncated.
    ///
    /// Every whole line also becomes a log entry of level `info`.
    public func writeOutput(_ bytes: [UInt8]) { live.write(bytes, to: .stdout) }

    /// Adds to standard error; every whole line also becomes a log entry of level `error`.
    public func writeError(_ bytes: [UInt8]) { live.write(bytes, to: .stderr) }

    /// Adds a log entry, cut at 64 KiB; after 10,000 entries it is dropped.
    public func log(_ level: JobLogEntry.Level, _ message: String) { live.log(level, message) }

    /// Says how far the job is.
    ///
    /// - Parameters:
    ///   - fraction: From 0 to 1.
    ///   - message: What is being done, for people.
    public func progress(_ fraction: Double, _ message: String = "") {
        live.report(JobProgress(fraction: fraction, message: message))
    }

    /// Notes that the job runs in a session whose earlier state was lost.
    public func markSessionReset() { live.markSessionReset() }

    /// Why the job has to stop, or nil while it may go on. Set before the task is cancelled.
    public var stopReason: JobStopReason? { live.stopReason }
}
