public import RoostCore

/// One call of a ``HostFunction`` from a job: what its body is told beside the arguments.
public struct HostCall: Sendable {
    /// The function's path in its module.
    public let function: String
    /// The job that calls.
    public let job: JobID
    /// Arguments without a name, in order.
    let positional: [JSON]
    /// Arguments with a name.
    let keywords: JSONObject
    private let sink: @Sendable (JobLogEntry.Level, String) -> Void

    init(
        function: String, job: JobID, positional: [JSON], keywords: JSONObject,
        log: @escaping @Sendable (JobLogEntry.Level, String) -> Void
    ) {
        self.function = function
        self.job = job
        self.positional = positional
        self.keywords = keywords
        sink = log
    }

    /// Adds an entry to the job's log.
    public func log(_ level: JobLogEntry.Level, _ message: String) { sink(level, message) }
}
