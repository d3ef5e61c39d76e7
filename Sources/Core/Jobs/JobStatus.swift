/// The states of a job. It moves from left to right and ends in exactly one of the last three.
public enum JobStatus: String, Sendable, CaseIterable, JSONConvertible {
    /// Accepted; waits for its turn.
    case pending
    /// Runs.
    case running
    /// Ended well.
    case completed
    /// Ended with an error.
    case failed
    /// Stopped on request.
    case cancelled

    /// True for the last three.
    public var isFinished: Bool {
        switch self {
        case .pending, .running: false
        case .completed, .failed, .cancelled: true
        }
    }
}
