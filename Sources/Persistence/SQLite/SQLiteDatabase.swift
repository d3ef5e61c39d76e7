import RoostCore

/// A small database of a handler's own: one file, one connection, one thread.
///
/// ```swift
/// let notes = try await SQLiteDatabase.open(path: path, schema: ["CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)"])
/// let texts = try await notes.read { db in try db.rows("SELECT text FROM notes") { $0.text(0) } }
/// ```
///
/// Callers only suspend; the closures run one after the other on the database's thread and may block there.
public final class SQLiteDatabase: Sendable {
    private typealias Work = @Sendable (SQLiteConnection) -> Void
    private let mailbox = Mailbox<Work>()
    private let end = Countdown(1)

    private init() {}

    /// Opens the database, making it (mode 0600) when there is none and bringing its schema up to date.
    ///
    /// - Parameters:
    ///   - path: The file; its folder is made when only its last part is missing.
    ///   - schema: Numbered migrations: the script at index 0 makes schema 1. Add to the end, never change one.
    ///   - applicationID: Marks the file as this handler's, so that another's is refused.
    ///   - busyTimeout: How long to wait for another program's lock.
    /// - Returns: The database, ready.
    /// - Throws: ``StoreOpenError``; an existing file is then unchanged.
    public static func open(
        path: String, schema: [String], applicationID: Int32 = 0x526F_7344,
        busyTimeout: Duration = .seconds(5)
    ) async throws(StoreOpenError) -> SQLiteDatabase {
        let database = SQLiteDatabase()
        let migrations = Migrations(applicationID: applicationID, steps: schema)
        let failure: StoreOpenError? = await withCheckedContinuation { continuation in
            // The thread holds the mailbox and not the database, so that it ends with the last reference to that.
            let isStarted = DatabaseThread.start { [mailbox = database.mailbox, end = database.end] in
                do throws(StoreOpenError) {
                    try serve(path, migrations, busyTimeout, mailbox) { continuation.resume(returning: nil) }
                } catch {
                    continuation.resume(returning: error)
                }
                end.countDown()
            }
            if !isStarted {
                continuation.resume(
                    returning: StoreOpenError(path: path, reason: .failed("the system gives no more threads"))
                )
            }
        }
        if let failure { throw failure }
        return database
    }

    deinit { mailbox.close() }

    /// The life of the thread. Throws only before `ready` is called.
    private static func serve(
        _ path: String, _ migrations: Migrations, _ busyTimeout: Duration, _ mailbox: Mailbox<Work>,
        ready: () -> Void
    ) throws(StoreOpenError) {
        let file = try DatabaseFile(path)
        let lock = try DatabaseLock.acquire(file.path)
        defer { withExtendedLifetime(lock) {} }
        if file.isNew { try file.create(migrations) } else { try file.inspect(migrations) }
        try serve(file, migrations, busyTimeout.wholeMilliseconds, mailbox, ready: ready)
    }

    private static func serve(
        _ file: DatabaseFile, _ migrations: Migrations, _ busyMilliseconds: Int, _ mailbox: Mailbox<Work>,
        ready: () -> Void
    ) throws(StoreOpenError) {
        let connection: SQLiteConnection
        do throws(SQLiteError) {
            connection = try SQLiteConnection(path: file.path, mode: .existing)
            try connection.configure(busyMilliseconds: busyMilliseconds, isReader: false)
            try connection.useLog()
            try migrations.apply(to: connection)
            connection.setBusyTimeout(milliseconds: busyMilliseconds)
        } catch {
            throw StoreOpenError(path: file.path, error)
        }
        ready()
        while true {
            let taken = mailbox.take(atMost: 1, wait: nil)
            if taken.isOver { return }
            for work in taken.elements { work(connection) }
        }
    }

    /// Asks; the closure sees one state of the database and must not write.
    ///
    /// - Parameter body: Runs on the database's thread.
    /// - Returns: What `body` returned.
    /// - Throws: What `body` threw, or ``SQLiteError``.
    public func read<Value: Sendable>(
        _ body: @escaping @Sendable (SQLiteConnection) throws -> Value
    ) async throws -> Value {
        try await perform { connection in
            try connection.executeScript("BEGIN")
            defer { connection.rollback() }
            return try body(connection)
        }
    }

    /// Changes; everything the closure does is written, or nothing when it throws.
    ///
    /// - Parameter body: Runs on the database's thread, within a transaction.
    /// - Returns: What `body` returned, after the commit.
    /// - Throws: What `body` threw, or ``SQLiteError``.
    public func write<Value: Sendable>(
        _ body: @escaping @Sendable (SQLiteConnection) throws -> Value
    ) async throws -> Value {
        try await perform { connection in try connection.transaction { try body(connection) } }
    }

    /// Does what waits and closes the file; calls after it throw.
    public func close() async {
        mailbox.close()
        await end.wait()
    }

    private func perform<Value: Sendable>(
        _ body: @escaping @Sendable (SQLiteConnection) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let work: Work = { connection in continuation.resume(with: Result { try body(connection) }) }
            if !mailbox.put(work) { continuation.resume(throwing: SQLiteError.closed) }
        }
    }
}
