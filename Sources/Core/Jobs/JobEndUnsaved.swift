/// A job ended but its end is not in the store yet (contract §10: answered with `SERVER_ERROR` and the output).
public struct JobEndUnsaved: Error, Sendable {
    /// The job as it ended.
    public let job: Job
}
