/// What a request to cancel a job came to.
public enum JobCancellation: Sendable, Equatable {
    /// It is stopped; this was its state before.
    case cancelled(previous: JobStatus)
    /// It had ended, or ended while the cancel was on its way, in this state.
    case alreadyFinished(JobStatus)
}
