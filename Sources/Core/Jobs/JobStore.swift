/// Where jobs are kept. Every method returns when its effect is durable (or its answer read), and never blocks
/// the caller's thread meanwhile.
///
/// State changes are guarded by the state they leave, so that of two ends of one job only the first is written.
public protocol JobStore: Sendable {
    /// Adds a job in state `pending` or `running`.
    ///
    /// - Throws: ``JobStoreError``.
    func insert(_ job: Job) async throws(JobStoreError)

    /// Adds a job as ``insert(_:)`` does, unless its key was used within the last 24 hours before its creation and that
    /// job is still there; both are looked at and written at once, and gone together.
    ///
    /// - Throws: ``JobStoreError``.
    func insert(_ job: Job, once key: IdempotencyKey) async throws(JobStoreError)

    /// Moves a job from `pending` to `running`.
    ///
    /// - Returns: False when it was not `pending`.
    /// - Throws: ``JobStoreError/unavailable(_:)``.
    func start(_ id: JobID, at time: Timestamp) async throws(JobStoreError) -> Bool

    /// Keeps what a running job has written so far.
    ///
    /// - Throws: ``JobStoreError/unavailable(_:)``.
    func save(_ output: JobOutput, of id: JobID) async throws(JobStoreError)

    /// Moves a job from `pending` or `running` to its end.
    ///
    /// When it throws, the end is not lost: the store keeps it in memory and writes it as soon as it can
    /// (contract §10).
    ///
    /// - Returns: False when the job had already ended or is unknown.
    /// - Throws: ``JobStoreError/unavailable(_:)`` when it could not be written within 5 s.
    func finish(_ id: JobID, _ end: JobEnd) async throws(JobStoreError) -> Bool

    /// One job, or nil.
    ///
    /// - Throws: ``JobStoreError/unavailable(_:)``.
    func job(_ id: JobID) async throws(JobStoreError) -> Job?

    /// One page.
    ///
    /// - Throws: ``JobStoreError/unavailable(_:)``.
    func list(_ query: JobQuery) async throws(JobStoreError) -> JobPage

    /// Removes a finished job.
    ///
    /// - Returns: The state it had, or nil when there is no such finished job.
    /// - Throws: ``JobStoreError/unavailable(_:)``.
    func remove(_ id: JobID) async throws(JobStoreError) -> JobStatus?

    /// Sweeps away finished jobs beyond the rule, oldest by creation first, in small batches.
    ///
    /// - Returns: How many went.
    /// - Throws: ``JobStoreError/unavailable(_:)``.
    func sweep(_ retention: JobRetention, now: Timestamp) async throws(JobStoreError) -> Int

    /// Counts by handler and state, and what happened in the last hour and day.
    ///
    /// - Parameter now: Where the windows end.
    /// - Returns: What was looked up, of one moment.
    /// - Throws: ``JobStoreError/unavailable(_:)``.
    func statistics(now: Timestamp) async throws(JobStoreError) -> JobStatistics

    /// How the store itself does.
    ///
    /// - Throws: ``JobStoreError/unavailable(_:)``.
    func figures() async throws(JobStoreError) -> JobStoreFigures
}
