import CSQLite

/// One prepared statement.
///
/// Not `Sendable`: it belongs to its ``SQLiteConnection``, and through it to one thread.
@safe final class SQLiteStatement {
    /// Valid from `init` to `deinit`; nobody outside this file sees it.
    private let handle: OpaquePointer
    private let database: OpaquePointer
    /// True while a query stands on one of its rows.
    var isInUse = false

    /// Prepares one statement; text after it is refused, so that nothing is silently left undone.
    ///
    /// - Parameters:
    ///   - sql: The statement.
    ///   - database: The open connection; must outlive the statement.
    /// - Throws: ``SQLiteError``.
    init(_ sql: String, on database: OpaquePointer) throws(SQLiteError) {
        var handle: OpaquePointer?
        var text = sql
        let (code, isWhole) = text.withUTF8 { bytes in
            // The bytes live as long as this closure; SQLite copies what it needs.
            unsafe bytes.withMemoryRebound(to: CChar.self) { characters -> (Int32, Bool) in
                var tail: UnsafePointer<CChar>?
                let code = unsafe sqlite3_prepare_v3(
                    database, characters.baseAddress, Int32(clamping: characters.count),
                    UInt32(SQLITE_PREPARE_PERSISTENT), &handle, &tail)
                guard let start = characters.baseAddress, let tail = unsafe tail else { return (code, true) }
                let rest = unsafe UnsafeBufferPointer(
                    rebasing: characters[min(max(tail - start, 0), characters.count)...])
                return (code, unsafe rest.allSatisfy { $0 == 0x20 || $0 == 0x0A || $0 == 0x3B })
            }
        }
        guard code == SQLITE_OK else { throw unsafe SQLiteError(of: database, code: code) }
        guard let handle = unsafe handle else {
            throw SQLiteError(extendedCode: SQLITE_MISUSE, message: "the statement is empty")
        }
        unsafe self.handle = handle
        unsafe self.database = database
        guard isWhole else {
            throw SQLiteError(extendedCode: SQLITE_MISUSE, message: "only one statement at a time")
        }
    }

    deinit { unsafe sqlite3_finalize(handle) }

    /// Binds all arguments, in order.
    ///
    /// - Parameter values: As many as the statement has places.
    /// - Throws: ``SQLiteError``, also when the number differs.
    func bind(_ values: [SQLiteValue]) throws(SQLiteError) {
        guard Int(unsafe sqlite3_bind_parameter_count(handle)) == values.count else {
            throw SQLiteError(
                extendedCode: SQLITE_RANGE, message: "the statement has another number of arguments")
        }
        for (offset, value) in values.enumerated() {
            let code = bind(value, at: Int32(truncatingIfNeeded: offset + 1))
            guard code == SQLITE_OK else { throw unsafe SQLiteError(of: database, code: code) }
        }
    }

    private func bind(_ value: SQLiteValue, at index: Int32) -> Int32 {
        switch value {
        case .null: unsafe sqlite3_bind_null(handle, index)
        case .int(let value): unsafe sqlite3_bind_int64(handle, index, value)
        case .double(let value): unsafe sqlite3_bind_double(handle, index, value)
        case .text(var text):
            // The bytes live as long as the closure; the shim has SQLite copy them.
            text.withUTF8 { bytes in unsafe bindText(UnsafeRawBufferPointer(bytes), at: index) }
        case .utf8(let bytes): unsafe bytes.withUnsafeBytes { bytes in unsafe bindText(bytes, at: index) }
        case .blob(let bytes):
            // A nil pointer would bind NULL, so nothing is bound as a blob of no bytes.
            unsafe bytes.withUnsafeBytes { bytes in
                unsafe bytes.isEmpty
                    ? unsafe sqlite3_bind_zeroblob(handle, index, 0)
                    : unsafe csqlite_bind_blob_copy(handle, index, bytes.baseAddress, UInt64(bytes.count))
            }
        }
    }

    private func bindText(_ bytes: UnsafeRawBufferPointer, at index: Int32) -> Int32 {
        // A nil pointer would bind NULL; an empty text needs some address.
        guard let base = bytes.baseAddress, unsafe !bytes.isEmpty else {
            return unsafe csqlite_bind_text_copy(handle, index, "", 0)
        }
        return unsafe csqlite_bind_text_copy(
            handle, index, base.assumingMemoryBound(to: CChar.self), UInt64(bytes.count))
    }

    /// Goes to the next row.
    ///
    /// - Returns: False when there is none.
    /// - Throws: ``SQLiteError``.
    func step() throws(SQLiteError) -> Bool {
        let code = unsafe sqlite3_step(handle)
        switch code {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw unsafe SQLiteError(of: database, code: code)
        }
    }

    /// Makes it ready for its next use, and lets go of its arguments' memory.
    func reset() {
        unsafe sqlite3_reset(handle)
        unsafe sqlite3_clear_bindings(handle)
    }

    var columnCount: Int { Int(unsafe sqlite3_column_count(handle)) }

    /// The column's type; `SQLITE_NULL` for one that is not there.
    func type(_ column: Int) -> Int32 {
        column >= 0 && column < columnCount
            ? unsafe sqlite3_column_type(handle, Int32(truncatingIfNeeded: column)) : SQLITE_NULL
    }

    func int(_ column: Int) -> Int64 {
        unsafe sqlite3_column_int64(handle, Int32(truncatingIfNeeded: column))
    }

    func double(_ column: Int) -> Double {
        unsafe sqlite3_column_double(handle, Int32(truncatingIfNeeded: column))
    }

    /// The bytes of a text or blob, copied out before the next step can move them.
    func bytes(_ column: Int) -> [UInt8] {
        let column = Int32(truncatingIfNeeded: column)
        // The pointer first, then the count, as https://www.sqlite.org/c3ref/column_blob.html asks.
        guard let start = unsafe sqlite3_column_blob(handle, column) else { return [] }
        let count = Int(unsafe sqlite3_column_bytes(handle, column))
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    func text(_ column: Int) -> String {
        let column = Int32(truncatingIfNeeded: column)
        guard let start = unsafe sqlite3_column_text(handle, column) else { return "" }
        let count = Int(unsafe sqlite3_column_bytes(handle, column))
        return unsafe String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }
}

extension SQLiteError {
    /// The last error of a connection; the codes of a failed call when there is no connection.
    init(of database: OpaquePointer?, code: Int32) {
        if let database = unsafe database, unsafe sqlite3_errcode(database) & 0xFF == code & 0xFF {
            unsafe self.init(
                extendedCode: sqlite3_extended_errcode(database),
                message: String(cString: sqlite3_errmsg(database)))
        } else {
            unsafe self.init(extendedCode: code, message: String(cString: sqlite3_errstr(code)))
        }
    }
}
