import RoostCore

/// The threads of a store, from the opening of the database to its closing.
///
/// Each thread opens its connection, uses it and closes it, so that no connection ever changes threads. The writer's
/// closes last: it empties the log, and holds the lock until then.
final class StoreThreads: Sendable {
    private let writer: Writer
    private let readers: ReaderPool
    private let options: SQLiteStoreOptions
    private let readersEnd: Countdown
    private let writerEnd = Countdown(1)

    init(writer: Writer, readers: ReaderPool, options: SQLiteStoreOptions) {
        self.writer = writer
        self.readers = readers
        self.options = options
        readersEnd = Countdown(options.readers)
    }

    /// Starts the threads; returns when all have their connections.
    ///
    /// - Parameters:
    ///   - path: The database.
    ///   - now: When jobs left behind count as ended.
    /// - Returns: Where the database is, and which jobs were left behind.
    /// - Throws: ``StoreOpenError``; no thread is then left.
    func open(_ path: String, now: Timestamp) async throws(StoreOpenError) -> Opened {
        let opened = try await openWriter(path, now: now)
        for number in 0..<options.readers {
            do { try await openReader(opened.path) } catch {
                // Those that are not started have ended, too.
                for _ in number + 1..<options.readers { readersEnd.countDown() }
                await close()
                throw error
            }
        }
        return opened
    }

    /// What the writer's thread found.
    struct Opened {
        var path: String
        var recovery: JobRecovery
    }

    private func openWriter(_ path: String, now: Timestamp) async throws(StoreOpenError) -> Opened {
        let result: Result<Opened, StoreOpenError> = await withCheckedContinuation { continuation in
            let isStarted = DatabaseThread.start { [writer, options, writerEnd] in
                do throws(StoreOpenError) {
                    try Self.write(path, options, now, writer) {
                        continuation.resume(returning: .success($0))
                    }
                } catch {
                    continuation.resume(returning: .failure(error))
                }
                writerEnd.countDown()
            }
            if !isStarted { continuation.resume(returning: .failure(Self.noThread(path))) }
        }
        return try result.get()
    }

    /// The life of the writer's thread. Throws only before `ready` is called.
    private static func write(
        _ path: String, _ options: SQLiteStoreOptions, _ now: Timestamp, _ writer: Writer,
        ready: (Opened) -> Void
    ) throws(StoreOpenError) {
        let file = try DatabaseFile(path)
        let lock = try DatabaseLock.acquire(file.path)
        // The lock outlives the connection, which is gone with the inner function.
        defer { withExtendedLifetime(lock) {} }
        if file.isNew {
            try file.create(JobSchema.migrations)
        } else {
            try file.inspect(JobSchema.migrations)
        }
        try serve(file.path, options, now, writer, ready: ready)
    }

    private static func serve(
        _ path: String, _ options: SQLiteStoreOptions, _ now: Timestamp, _ writer: Writer,
        ready: (Opened) -> Void
    ) throws(StoreOpenError) {
        let connection: SQLiteConnection
        let recovery: JobRecovery
        do throws(SQLiteError) {
            connection = try SQLiteConnection(path: path, mode: .existing)
            try connection.configure(
                busyMilliseconds: options.busyTimeout.wholeMilliseconds, isReader: false,
                durability: options.durability)
            try connection.useLog()
            try JobSchema.migrations.apply(to: connection)
            SearchIndex.make(connection)
            connection.setBusyTimeout(milliseconds: options.busyTimeout.wholeMilliseconds)
            var found = JobRecovery()
            let failure = writer.transaction(connection, within: options.busyTimeout) {
                () throws(SQLiteError) in
                found = try JobRecovery.run(options.resume, now: now, connection)
            }
            if let failure { throw failure }
            recovery = found
        } catch {
            throw StoreOpenError(path: path, error)
        }
        ready(Opened(path: path, recovery: recovery))
        writer.run(connection, path: path)
    }

    private func openReader(_ path: String) async throws(StoreOpenError) {
        let failure: StoreOpenError? = await withCheckedContinuation { continuation in
            let isStarted = DatabaseThread.start { [readers, options, readersEnd] in
                Self.read(path, options, readers) { continuation.resume(returning: $0) }
                readersEnd.countDown()
            }
            if !isStarted {
                continuation.resume(returning: Self.noThread(path))
                readersEnd.countDown()
            }
        }
        if let failure { throw failure }
    }

    /// The life of a reader's thread; `ready` is called once, with what went wrong or nil.
    private static func read(
        _ path: String, _ options: SQLiteStoreOptions, _ readers: ReaderPool, ready: (StoreOpenError?) -> Void
    ) {
        let connection: SQLiteConnection
        do throws(SQLiteError) {
            connection = try SQLiteConnection(path: path, mode: .existing)
            try connection.configure(busyMilliseconds: options.busyTimeout.wholeMilliseconds, isReader: true)
            SearchIndex.find(connection)
        } catch {
            ready(StoreOpenError(path: path, error))
            return
        }
        ready(nil)
        readers.run(connection)
    }

    private static func noThread(_ path: String) -> StoreOpenError {
        StoreOpenError(path: path, reason: .failed("the system gives no more threads"))
    }

    /// Tells the threads to end when they have done what they were given; does not wait.
    func stop() {
        readers.close()
        writer.close()
    }

    /// Ends the threads, the writer's last; returns when they have ended.
    func close() async {
        readers.close()
        await readersEnd.wait()
        writer.close()
        await writerEnd.wait()
    }
}
