/// Something that happened to a job, with its number in the job: 1, 2, 3, …
///
/// Progress is not numbered and not kept: a reader who comes to it gets the latest report, with the number of the event
/// that it follows. So a job may report as often as it likes.
public struct JobEvent: Sendable, Equatable {
    /// What it was.
    public enum Kind: Sendable, Equatable {
        /// The job changed its state.
        case status(JobStatus)
        /// It wrote to standard output.
        case stdout([UInt8])
        /// It wrote to standard error.
        case stderr([UInt8])
        /// It has a new log entry.
        case log(JobLogEntry)
        /// It said how far it is.
        case progress(JobProgress)
        /// It gave a result.
        case result(JSONText)
        /// It has ended; nothing follows.
        case done(Job)
    }

    /// Its number, from 1; of progress, that of the event before.
    public var number: Int
    /// When it happened.
    public var timestamp: Timestamp
    /// What it was.
    public var kind: Kind
}
