/// Why a job could not be written or read.
public enum JobStoreError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A job with this id is already there.
    case duplicate(JobID)
    /// The disk is full, the database locked or broken. The text is for the log, never for a client.
    case unavailable(String)

    /// For the log.
    public var description: String {
        switch self {
        case .duplicate(let id): "a job with id \(id) already exists"
        case .unavailable(let reason): "the job store is unavailable: \(reason)"
        }
    }
}
