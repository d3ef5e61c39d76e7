public import RoostCore
internal import Synchronization

/// The job history in an SQLite database.
///
/// One file in WAL mode. All changes go through one writer thread that commits whatever waits together, all
/// questions through a few reader threads; callers only suspend. Survives the death of the process at any point.
/// See `Documentation/Architecture.md` and https://www.sqlite.org/wal.html.
///
/// An end that cannot be written (full disk, locked for longer than ``SQLiteStoreOptions/busyTimeout``) is kept in
/// memory and tried again about once a second; until then ``job(_:)`` shows the end and ``list(_:)`` the state in
/// the database.
public final class SQLiteJobStore: JobStore {
    /// How many jobs the last server had left pending or running and are now `failed` with `SERVER_STOPPED`. The `details` of
    /// their failure have `previous_status`; those that had not begun to run have no start either.
    public let recoveredJobs: Int
    private let interruptedPending: Mutex<[Job]>
    private let writer: Writer
    private let readers: ReaderPool
    private let unsaved: UnsavedEnds
    private let threads: StoreThreads
    private let logger: Logger
    private let path: String
    private let searchBudget: SearchBudget

    /// Opens the database, making it when there is none, bringing its schema up to date, and ending the jobs that
    /// the last server left behind, but for those that ``SQLiteStoreOptions/resume`` keeps.
    ///
    /// Also takes the lock `<path>.lock`, which is held until ``close()``, the store's end or the process's.
    ///
    /// - Parameters:
    ///   - path: The file; its folder is made when only its last part is missing.
    ///   - options: Timeouts, readers, durability, what becomes of jobs left behind, logger.
    ///   - now: When the jobs left behind count as ended.
    /// - Returns: The store, ready.
    /// - Throws: ``StoreOpenError``; an existing file and its folder are then unchanged.
    public static func open(
        path: String, options: SQLiteStoreOptions = SQLiteStoreOptions(), now: Timestamp
    ) async throws(StoreOpenError) -> SQLiteJobStore {
        let unsaved = UnsavedEnds()
        let logger = options.logger
        let writer = Writer(
            options: options,
            retry: { writer, connection in unsaved.write(with: writer, connection, logger) },
            afterwards: SearchIndexer.run)
        let readers = ReaderPool()
        let threads = StoreThreads(writer: writer, readers: readers, options: options)
        let opened = try await threads.open(path, now: now)
        return SQLiteJobStore(
            opened, writer: writer, readers: readers, unsaved: unsaved, threads: threads,
            options: options)
    }

    private init(
        _ opened: StoreThreads.Opened, writer: Writer, readers: ReaderPool, unsaved: UnsavedEnds,
        threads: StoreThreads,
        options: SQLiteStoreOptions
    ) {
        recoveredJobs = opened.recovery.ended
        interruptedPending = Mutex(opened.recovery.pending)
        path = opened.path
        self.writer = writer
        self.readers = readers
        self.unsaved = unsaved
        self.threads = threads
        logger = options.logger
        searchBudget = options.searchBudget
    }

    deinit { threads.stop() }

    /// Writes everything that waits, empties the log, closes the database and gives up the lock.
    ///
    /// Operations called after it fail as `unavailable`. Ends that still cannot be written are lost; the next start
    /// finds their jobs running and ends them as `SERVER_STOPPED`.
    public func close() async {
        await threads.close()
        let lost = unsaved.all.count
        if lost > 0 {
            logger.error("closed with ends of jobs that could not be written", ["jobs": .int(lost)])
        }
    }

    /// How much longer a sweep rests than it works.
    private static let sweepRest = 4

    /// How many transactions were committed.
    package var commits: Int { writer.figures.commits }

    /// With ``SQLiteStoreOptions/Resume/requeue``: the jobs that the last server had accepted and not started, oldest
    /// first, with all they were submitted with. They are `pending` still, and it is for the server to run or to end each.
    ///
    /// - Returns: They, at the first call; they are not kept for another.
    public func takeInterruptedPending() -> [Job] {
        interruptedPending.withLock { jobs in
            defer { jobs = [] }
            return jobs
        }
    }

    // MARK: JobStore

    /// Adds a job in state `pending` or `running`; see ``JobStore``.
    ///
    /// - Throws: `duplicate` or `unavailable`; the job is then not accepted and not tried again.
    public func insert(_ job: Job) async throws(JobStoreError) {
        let isNew = try await change(weight: job.input.utf8.count + job.output.weight) {
            connection throws(SQLiteError) in try JobWrites.insert(job, connection)
        }
        guard isNew else { throw .duplicate(job.id) }
    }

    /// Adds a job unless its key was used within 24 hours; see ``JobStore``.
    ///
    /// - Throws: `duplicate`, `keyInUse` or `unavailable`; the job is then not accepted and not tried again.
    public func insert(_ job: Job, once key: IdempotencyKey) async throws(JobStoreError) {
        let refusal = try await change(weight: job.input.utf8.count + job.output.weight) {
            connection throws(SQLiteError) in try KeyWrites.insert(job, once: key, connection)
        }
        if let refusal { throw refusal }
    }

    /// Moves a job from `pending` to `running`.
    ///
    /// - Returns: False when it was not `pending`.
    /// - Throws: `unavailable`.
    public func start(_ id: JobID, at time: Timestamp) async throws(JobStoreError) -> Bool {
        try await change { [unsaved] connection throws(SQLiteError) in
            if unsaved[id] != nil { return false }
            return try JobWrites.start(id, at: time, connection)
        }
    }

    /// Keeps what a running job has written so far; only what is new since the last save is written.
    ///
    /// - Throws: `unavailable`.
    public func save(_ output: JobOutput, of id: JobID) async throws(JobStoreError) {
        try await change(weight: output.weight) { connection throws(SQLiteError) in
            try JobWrites.save(output, of: id, connection)
        }
    }

    /// Moves a job from `pending` or `running` to its end.
    ///
    /// - Returns: False when it had already ended or is unknown.
    /// - Throws: `unavailable`; the end is kept in memory and written as soon as it can be.
    public func finish(_ id: JobID, _ end: JobEnd) async throws(JobStoreError) -> Bool {
        let keep: @Sendable (SQLiteError) -> Void = { [unsaved] _ in
            if unsaved[id] == nil { unsaved[id] = end }
        }
        let weight = end.output.weight + (end.webhookBody?.count ?? 0)
        return try await change(weight: weight, onFailure: keep) {
            [unsaved] connection throws(SQLiteError) in
            if unsaved[id] != nil { return false }
            return try JobWrites.finish(id, end, connection)
        }
    }

    /// One job with its output, or nil.
    ///
    /// - Throws: `unavailable`.
    public func job(_ id: JobID) async throws(JobStoreError) -> Job? {
        // Asked first: an end that is written between the two questions is then seen twice, not never.
        let end = unsaved[id]
        let found = try await question { connection throws(SQLiteError) in try JobReads.job(id, connection) }
        guard var job = found, let end, !job.status.isFinished else { return found }
        job.summary.status = end.status
        job.summary.completedAt = end.completedAt
        job.summary.durationMilliseconds = end.durationMilliseconds
        job.output = end.output
        job.failure = end.failure
        return job
    }

    /// One page; its limit is held within 1 to 1000.
    ///
    /// - Throws: `unavailable`.
    public func list(_ query: JobQuery) async throws(JobStoreError) -> JobPage {
        try await question { [searchBudget] connection throws(SQLiteError) in
            try JobReads.list(query, searchBudget, connection)
        }
    }

    /// Removes a finished job.
    ///
    /// - Returns: The state it had, or nil when there is no such finished job.
    /// - Throws: `unavailable`, also while the job's end is not written yet.
    public func remove(_ id: JobID) async throws(JobStoreError) -> JobStatus? {
        if unsaved[id] != nil { throw .unavailable("the end of job \(id) is not written yet") }
        return try await change { connection throws(SQLiteError) in try JobWrites.remove(id, connection) }
    }

    /// Sweeps away finished jobs beyond the rule, in small transactions, and rests between them several times as long as they
    /// took, so that others get on meanwhile. Ends early when the task is cancelled.
    ///
    /// - Returns: How many went.
    /// - Throws: `unavailable`; earlier batches are gone.
    public func sweep(_ retention: JobRetention, now: Timestamp) async throws(JobStoreError) -> Int {
        var removed = 0
        while true {
            let batch = try await change { connection throws(SQLiteError) in
                try JobSweep.batch(retention, now: now, connection)
            }
            removed += batch.removed
            guard batch.hasMore, !Task.isCancelled else { return removed }
            try? await Task.sleep(for: batch.took * Self.sweepRest)
        }
    }

    /// Counts by handler and state, and what happened in the last hour and day.
    ///
    /// - Throws: `unavailable`.
    public func statistics(now: Timestamp) async throws(JobStoreError) -> JobStatistics {
        try await question { connection throws(SQLiteError) in
            try StatisticsReads.statistics(now: now, connection)
        }
    }

    /// Sizes of the file and of the transactions, and the outbox.
    ///
    /// - Throws: `unavailable`.
    public func figures() async throws(JobStoreError) -> JobStoreFigures {
        let commits = writer.figures
        let unsavedEnds = unsaved.all.count
        return try await question { [path] connection throws(SQLiteError) in
            var figures = try StatisticsReads.figures(connection)
            figures.logBytes = DatabaseFile.size(path + "-wal") ?? 0
            figures.commits = commits.commits
            figures.committedChanges = commits.changes
            figures.commitSizes = commits.sizes
            figures.unsavedEnds = unsavedEnds
            return figures
        }
    }

    // MARK: Asking the threads

    func change<Value: Sendable>(
        weight: Int = 0, onFailure: (@Sendable (SQLiteError) -> Void)? = nil,
        _ body: @escaping @Sendable (SQLiteConnection) throws(SQLiteError) -> Value
    ) async throws(JobStoreError) -> Value {
        do { return try await writer.write(weight: weight, onFailure: onFailure, body) } catch {
            throw .unavailable(error.description)
        }
    }

    func question<Value: Sendable>(
        _ body: @escaping @Sendable (SQLiteConnection) throws(SQLiteError) -> Value
    ) async throws(JobStoreError) -> Value {
        do { return try await readers.read(body) } catch { throw .unavailable(error.description) }
    }

    /// For tests that change the database under the store's feet.
    package func onWriter<Value: Sendable>(
        _ body: @escaping @Sendable (SQLiteConnection) throws(SQLiteError) -> Value
    ) async throws(JobStoreError) -> Value { try await change(body) }

    /// For tests that look into the database.
    package func onReader<Value: Sendable>(
        _ body: @escaping @Sendable (SQLiteConnection) throws(SQLiteError) -> Value
    ) async throws(JobStoreError) -> Value { try await question(body) }
}
