import CSQLite

/// One connection to a database, with its prepared statements.
///
/// Every call blocks. Not `Sendable`: a connection is opened, used and closed on one thread, which owns it; that
/// is what lets SQLite run without its own mutexes (https://www.sqlite.org/threadsafe.html, "multi-thread").
@safe public final class SQLiteConnection {
    /// How a file is opened.
    package enum Mode: Sendable {
        /// For reading and writing; the file must be there.
        case existing
        /// For reading and writing; made when missing.
        case create
        /// For reading, with the write-ahead log beside it.
        case readOnly
        /// For reading the file alone: no locks, no log, nothing made beside it.
        case immutable
    }

    /// Valid from `init` to `deinit`; used by this module alone.
    let handle: OpaquePointer
    /// Whether ``SearchIndex`` can be used; noted once after opening.
    var hasTextIndex = false
    private var cache: [String: SQLiteStatement] = [:]
    private static let cacheLimit = 64

    /// Once, before the first connection: SQLite is not to count the memory it takes, for which it would take a mutex at each
    /// allocation (https://www.sqlite.org/c3ref/c_config_covering_index_scan.html, `SQLITE_CONFIG_MEMSTATUS`). Where
    /// somebody else in the process was first, it goes on counting.
    private static let isConfigured = csqlite_config_memstatus(0) == SQLITE_OK

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - mode: What for.
    /// - Throws: ``SQLiteError``.
    package init(path: String, mode: Mode) throws(SQLiteError) {
        let flags: Int32 =
            switch mode {
            case .existing: SQLITE_OPEN_READWRITE
            case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            case .readOnly, .immutable: SQLITE_OPEN_READONLY
            }
        let uri = "file:" + Self.escaped(path) + (mode == .immutable ? "?immutable=1" : "")
        _ = Self.isConfigured
        var handle: OpaquePointer?
        let code = unsafe sqlite3_open_v2(
            uri, &handle, flags | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        guard code == SQLITE_OK, let handle = unsafe handle else {
            let error = unsafe SQLiteError(of: handle, code: code)
            unsafe sqlite3_close_v2(handle)
            throw error
        }
        unsafe self.handle = handle
    }

    /// For `file:` names, where `?`, `#` and `%` mean something (https://www.sqlite.org/uri.html).
    private static func escaped(_ path: String) -> String {
        var text: [UInt8] = []
        for byte in path.utf8 {
            switch byte {
            case 0x25: text.append(contentsOf: "%25".utf8)
            case 0x3F: text.append(contentsOf: "%3f".utf8)
            case 0x23: text.append(contentsOf: "%23".utf8)
            default: text.append(byte)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    deinit {
        cache = [:]
        // Statements that somebody still holds are finalized later; close_v2 waits for them.
        unsafe sqlite3_close_v2(handle)
    }

    /// Runs one statement.
    ///
    /// - Parameters:
    ///   - sql: The statement; kept prepared under this text, so pass values as arguments.
    ///   - values: One for each `?`.
    /// - Returns: How many rows an `INSERT`, `UPDATE` or `DELETE` changed, not counting triggers.
    /// - Throws: ``SQLiteError``.
    @discardableResult
    public func execute(_ sql: String, _ values: SQLiteValue...) throws(SQLiteError) -> Int {
        try run(sql, values) { _ throws(SQLiteError) in true }
        return Int(unsafe sqlite3_changes64(handle))
    }

    /// Reads all rows of a query.
    ///
    /// - Parameters:
    ///   - sql: The statement.
    ///   - values: One for each `?`.
    ///   - read: Makes a value of a row.
    /// - Returns: One value a row.
    /// - Throws: ``SQLiteError``.
    public func rows<Value>(
        _ sql: String, _ values: SQLiteValue..., read: (borrowing SQLiteRow) throws(SQLiteError) -> Value
    ) throws(SQLiteError) -> [Value] {
        var result: [Value] = []
        try run(sql, values) { row throws(SQLiteError) in
            result.append(try read(row))
            return true
        }
        return result
    }

    /// Reads the first row of a query.
    ///
    /// - Parameters:
    ///   - sql: The statement.
    ///   - values: One for each `?`.
    ///   - read: Makes a value of the row.
    /// - Returns: The value, or nil when there is no row.
    /// - Throws: ``SQLiteError``.
    public func first<Value>(
        _ sql: String, _ values: SQLiteValue..., read: (borrowing SQLiteRow) throws(SQLiteError) -> Value
    ) throws(SQLiteError) -> Value? {
        var result: Value?
        try run(sql, values) { row throws(SQLiteError) in
            // Later rows are stepped over, not left: a RETURNING statement has done its work only at the end.
            if result == nil { result = try read(row) }
            return true
        }
        return result
    }

    /// The row id of the last `INSERT`.
    public var lastInsertedRow: Int64 { unsafe sqlite3_last_insert_rowid(handle) }

    /// Steps through a query until `visit` returns false.
    func run(
        _ sql: String, _ values: [SQLiteValue], visit: (borrowing SQLiteRow) throws(SQLiteError) -> Bool
    ) throws(SQLiteError) {
        let statement: SQLiteStatement
        if let cached = cache[sql], !cached.isInUse {
            statement = cached
        } else {
            // Also when the same text is run within `visit`; the later one is then kept.
            statement = unsafe try SQLiteStatement(sql, on: handle)
            if cache.count >= Self.cacheLimit { cache.removeAll() }
            cache[sql] = statement
        }
        statement.isInUse = true
        defer {
            statement.reset()
            statement.isInUse = false
        }
        try statement.bind(values)
        while try statement.step() {
            guard try visit(SQLiteRow(statement)) else { return }
        }
    }

    /// Runs several statements without arguments, such as a migration.
    ///
    /// - Parameter sql: The statements, each ended by a semicolon.
    /// - Throws: ``SQLiteError``; those before the one that failed are done.
    public func executeScript(_ sql: String) throws(SQLiteError) {
        let code = unsafe sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw unsafe SQLiteError(of: handle, code: code) }
    }

    /// How long a statement waits for another connection's lock (https://www.sqlite.org/c3ref/busy_timeout.html).
    package func setBusyTimeout(milliseconds: Int) {
        unsafe sqlite3_busy_timeout(handle, Int32(clamping: max(0, milliseconds)))
    }

    /// True between `BEGIN` and its end; also false after SQLite itself rolled back, as it may for a full disk
    /// (https://www.sqlite.org/lang_transaction.html §3).
    package var isInTransaction: Bool { unsafe sqlite3_get_autocommit(handle) == 0 }

    /// Undoes the open transaction, if there still is one.
    package func rollback() {
        if isInTransaction { try? executeScript("ROLLBACK") }
    }
}
