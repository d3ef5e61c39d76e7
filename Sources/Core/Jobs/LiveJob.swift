/// A job that waits or runs.
package final class LiveJob: Sendable {
    package let id: JobID
    package enum Stream: Sendable { case stdout, stderr }
    init(id: JobID) { self.id = id }
    package var snapshot: Job { fatalError() }
    package func finished() async throws(JobEndUnsaved) -> Job { fatalError() }
    package func start() async throws {}
    package func write(_ bytes: [UInt8], to stream: Stream) {}
    package func log(_ level: JobLogEntry.Level, _ message: String) {}
    package func report(_ progress: JobProgress) {}
    package var stopReason: JobStopReason? { nil }
}
