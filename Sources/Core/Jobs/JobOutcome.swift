/// How a job's work ended.
public enum JobOutcome: Sendable, Equatable {
    /// Well, with a result or none.
    case completed(result: JSONText?, isTruncated: Bool = false)
    /// With an error.
    case failed(JobFailure)
}
