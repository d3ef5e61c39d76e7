/// What became of a request that may have been made before.
public enum JobSubmission: Sendable {
    /// It is new: its job was accepted.
    case accepted(JobHandle)
    /// It was made before, and its job has ended like this.
    case replayed(Job)
}
