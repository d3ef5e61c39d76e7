/// The work of a job that was accepted by an earlier process of the server; see ``Handler/resume(_:_:)``.
public struct ResumedWork: Sendable {
    /// As in ``JobRequest/startsItself``.
    public var startsItself: Bool
    /// What is done on the job's turn.
    public var work: JobWork

    /// Puts it together.
    public init(startsItself: Bool = false, work: @escaping JobWork) {
        self.startsItself = startsItself
        self.work = work
    }
}
