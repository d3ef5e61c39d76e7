/// Why a job could not be written or read.
public enum JobStoreError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A job with this id is already there.
    case duplicate(JobID)
    /// This idempotency key belongs to this job; `isSame` when the requests are the same too.
    case keyInUse(JobID, isSame: Bool)
    /// The disk is full, the database locked or broken. The text is for the log, never for a client.
    case unavailable(String)

    /// For the log.
    public var description: String {
        switch self {
        case .duplicate(let id): "a job with id \(id) already exists"
        case .keyInUse(let id, _): "the idempotency key of job \(id) was sent again"
        case .unavailable(let reason): "the job store is unavailable: \(reason)"
        }
    }
}
