import RoostCore
internal import RoostPersistence
internal import Synchronization

/// The job history of a running server: the store, its sweeper, and how to close both.
final class JobDatabase: Sendable {
    /// Retention is looked at this often; the contract (§10) asks for once a minute.
    private static let sweepInterval = Duration.seconds(30)

    /// Where jobs are kept.
    let store: any JobStore
    private let file: SQLiteJobStore?
    private let logger: Logger
    private let sweeper = Mutex<Task<Void, Never>?>(nil)

    private init(store: any JobStore, file: SQLiteJobStore?, logger: Logger) {
        self.store = store
        self.file = file
        self.logger = logger
    }

    /// Opens the database that the configuration names, or a store in memory when it names none.
    ///
    /// - Throws: ``StartError`` that says what is wrong with the file and what to do.
    static func open(_ configuration: ApplicationConfiguration, logger: Logger) async throws(StartError)
        -> JobDatabase
    {
        guard let path = configuration.database else {
            return JobDatabase(store: InMemoryJobStore(), file: nil, logger: logger)
        }
        let file: SQLiteJobStore
        do {
            file = try await SQLiteJobStore.open(
                path: path,
                options: SQLiteStoreOptions(
                    durability: configuration.durability.option,
                    resume: configuration.interruptedJobs.option, logger: logger), now: WallClock.now())
        } catch { throw StartError("the job history \(error)") }
        if file.recoveredJobs > 0 {
            logger.warning(
                "jobs that the last server left unfinished have ended as SERVER_STOPPED",
                ["count": .int(file.recoveredJobs)])
        }
        return JobDatabase(store: file, file: file, logger: logger)
    }

    /// Jobs that the last server left waiting, to be taken up again; given once, and empty unless that is asked for.
    func takeInterrupted() -> [Job] { file?.takeInterruptedPending() ?? [] }

    /// The webhooks that wait; nil when the history is in memory only.
    var outbox: (any WebhookStore)? { file }

    /// Sweeps now and then again and again, until ``close()``.
    func sweepRegularly(_ retention: JobRetention) {
        let task = Task { [store, logger] in
            while !Task.isCancelled {
                do {
                    let swept = try await store.sweep(retention, now: WallClock.now())
                    if swept > 0 { logger.debug("finished jobs were swept away", ["count": .int(swept)]) }
                } catch { logger.warning("retention could not be applied", ["cause": .string("\(error)")]) }
                try? await Task.sleep(for: Self.sweepInterval)
            }
        }
        sweeper.withLock { $0 = task }
    }

    /// Ends the sweeper, writes what waits, and closes the file.
    func close() async {
        let task = sweeper.withLock { $0.take() }
        task?.cancel()
        await task?.value
        await file?.close()
    }
}
