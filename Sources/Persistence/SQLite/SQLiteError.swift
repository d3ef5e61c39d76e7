import CSQLite

/// What SQLite answered instead of doing what it was asked.
///
/// The message is SQLite's own. It may name tables and columns, never the values of a statement's arguments.
/// See https://www.sqlite.org/rescode.html.
public struct SQLiteError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The extended result code, such as 2067 for a broken `UNIQUE`.
    public let extendedCode: Int32
    /// SQLite's text.
    public let message: String

    /// Puts an error together.
    public init(extendedCode: Int32, message: String) {
        self.extendedCode = extendedCode
        self.message = message
    }

    /// The primary result code: the low eight bits of the extended one.
    public var code: Int32 { extendedCode & 0xFF }

    /// Another connection held the lock for longer than the busy timeout.
    public var isBusy: Bool { code == SQLITE_BUSY || code == SQLITE_LOCKED }
    /// The disk, or the database's own page limit, is full.
    public var isFull: Bool { code == SQLITE_FULL }
    /// A `UNIQUE`, `CHECK`, `NOT NULL` or foreign key rule said no.
    public var isConstraint: Bool { code == SQLITE_CONSTRAINT }
    /// The file is broken, or no database at all.
    package var isDamage: Bool { code == SQLITE_CORRUPT || code == SQLITE_NOTADB }
    /// The file or its folder does not let us write.
    package var isNotWritable: Bool {
        code == SQLITE_READONLY || code == SQLITE_CANTOPEN || code == SQLITE_PERM || code == SQLITE_AUTH
    }
    /// A value is larger than SQLite takes (1 GB).
    package var isTooBig: Bool { code == SQLITE_TOOBIG }

    /// Text and both codes, for the log.
    public var description: String { "SQLite: \(message) (code \(code), extended \(extendedCode))" }

    static let closed = SQLiteError(extendedCode: SQLITE_MISUSE, message: "the database is closed")

    static func damaged(_ message: String) -> SQLiteError {
        SQLiteError(extendedCode: SQLITE_CORRUPT, message: message)
    }
}
