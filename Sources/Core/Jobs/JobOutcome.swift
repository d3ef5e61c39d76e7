/// How a job's work ended.
public enum JobOutcome: Sendable, Equatable {
    /// Well, with a result or none; `isRepr` when it is a text that stands for what JSON cannot hold.
    case completed(result: JSONText?, isTruncated: Bool = false, isRepr: Bool = false)
    /// With an error.
    case failed(JobFailure)
}
