/// A job that was accepted.
public struct JobHandle: Sendable {
    /// Its id.
    public let id: JobID
    package let live: LiveJob

    package init(id: JobID, live: LiveJob) {
        self.id = id
        self.live = live
    }

    /// What it is asked and how it is now.
    public var current: Job { live.snapshot }

    /// Waits for its end; when the waiting task is cancelled, gives the job as it is then.
    ///
    /// - Returns: The job as it was written to the store.
    /// - Throws: ``JobEndUnsaved``, with the job and what it wrote, when its end could not be written; a handler
    ///   answers it with `SERVER_ERROR` (500).
    public func finished() async throws(JobEndUnsaved) -> Job { try await live.finished() }

    /// Everything that happens to it from its beginning, then live, until it has ended.
    public func events() -> JobEvents { JobEvents(live: live) }
}
