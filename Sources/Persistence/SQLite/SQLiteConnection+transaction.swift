import CSQLite

extension SQLiteConnection {
    /// Runs `body` in a transaction: all of it is written, or nothing.
    ///
    /// - Parameter body: Must not begin or end a transaction itself.
    /// - Returns: What `body` returned, after the commit.
    /// - Throws: What `body` threw, or the ``SQLiteError`` of the commit, after the rollback.
    public func transaction<Value>(_ body: () throws -> Value) throws -> Value {
        try executeScript("BEGIN IMMEDIATE")
        do {
            let value = try body()
            try executeScript("COMMIT")
            return value
        } catch {
            rollback()
            throw error
        }
    }

    /// Runs several reads that see one state of the database.
    func snapshot<Value>(_ body: () throws(SQLiteError) -> Value) throws(SQLiteError) -> Value {
        try execute("BEGIN")
        defer { rollback() }
        return try body()
    }

    /// The same for reads among which something else may fail.
    func snapshot<Value>(_ body: () throws -> Value) throws -> Value {
        try execute("BEGIN")
        defer { rollback() }
        return try body()
    }

    /// Pragmas that every connection of ours has.
    ///
    /// - Parameters:
    ///   - busyMilliseconds: How long to wait for another connection's lock.
    ///   - isReader: True for a connection that must never write.
    ///   - durability: What a commit waits for.
    /// - Throws: ``SQLiteError``.
    func configure(
        busyMilliseconds: Int, isReader: Bool, durability: SQLiteStoreOptions.Durability = .normal
    ) throws(SQLiteError) {
        setBusyTimeout(milliseconds: busyMilliseconds)
        // The one place for durability. In WAL mode NORMAL never waits for the disk at a commit, FULL does
        // (https://www.sqlite.org/pragma.html#pragma_synchronous).
        try executeScript("PRAGMA synchronous = \(durability == .full ? "FULL" : "NORMAL")")
        // Some distributions have SQLite overwrite all that is deleted. Where that takes no further writing it is left on;
        // else a sweep would write every page of what it removes.
        try executeScript("PRAGMA secure_delete = FAST")
        try executeScript("PRAGMA foreign_keys = ON")
        try executeScript("PRAGMA trusted_schema = OFF")
        try executeScript("PRAGMA temp_store = MEMORY")
        // In KiB, as far as it is used; SQLite's 2 MiB do not hold the pages that each change of a large history touches.
        try executeScript("PRAGMA cache_size = -8192")
        if isReader { try executeScript("PRAGMA query_only = ON") }
    }
}

extension SQLiteConnection {
    /// Turns the write-ahead log on, which readers need to read while the writer writes.
    ///
    /// - Throws: ``SQLiteError``, also where the file system has no shared memory (https://www.sqlite.org/wal.html §7).
    func useLog() throws(SQLiteError) {
        let mode = try first("PRAGMA journal_mode = WAL") { $0.text(0) }
        guard mode == "wal" else {
            throw SQLiteError(
                extendedCode: SQLITE_CANTOPEN,
                message: "this file system does not support SQLite's write-ahead log")
        }
        // Beyond so many pages (4 MiB), commits move what they can to the file, without waiting for readers; more at a time
        // would keep whoever waits for that commit waiting longer. The log is begun anew when all of it is moved and
        // nobody reads in it, and is cut back when it had grown.
        try executeScript("PRAGMA wal_autocheckpoint = 1024")
        try executeScript("PRAGMA journal_size_limit = 16777216")
    }

    /// Moves what is in the write-ahead log into the file and empties the log, as far as readers let it; nothing
    /// without a log.
    ///
    /// - Parameter milliseconds: How long to wait for those who read; 0 unless said otherwise. Who begins to read meanwhile
    ///   reads the file alone, so this takes as long as the longest read that is under way.
    /// - Throws: ``SQLiteError`` when the file cannot be written; the log keeps what it has.
    func emptyLog(waiting milliseconds: Int = 0) throws(SQLiteError) {
        setBusyTimeout(milliseconds: milliseconds)
        _ = try first("PRAGMA wal_checkpoint(TRUNCATE)") { $0.int(0) }
    }
}
