/// Why a database was not opened. Nothing in its folder was changed.
public struct StoreOpenError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What was wrong.
    public enum Reason: Sendable, Equatable {
        /// The file is no SQLite database.
        case notADatabase
        /// An SQLite database of another application.
        case foreign
        /// Written by a newer version: its schema, and the newest this version knows.
        case newer(found: Int, known: Int)
        /// The file fails SQLite's own check; the text is SQLite's.
        case damaged(String)
        /// The file or its folder cannot be written; the text is the system's.
        case notWritable(String)
        /// Another program held a lock on the database for longer than the busy timeout.
        case busy
        /// Another server uses it; its process id, when it could be read.
        case heldBy(pid: Int32?)
        /// Anything else, such as a full disk.
        case failed(String)
    }

    /// The database file.
    public let path: String
    /// What was wrong.
    public let reason: Reason

    /// Puts an error together.
    public init(path: String, reason: Reason) {
        self.path = path
        self.reason = reason
    }

    /// One line that says what is wrong and what to do; for the operator, not for clients.
    public var description: String {
        switch reason {
        case .notADatabase:
            "'\(path)' is not an SQLite database; name another file with --database, or move this one away"
        case .foreign:
            "'\(path)' is the database of another program; name another file with --database"
        case .newer(let found, let known):
            "'\(path)' was written by a newer version (schema \(found), this one knows \(known)); "
                + "use the newer version, or another file with --database"
        case .damaged(let problem):
            "'\(path)' is damaged (\(problem.split(separator: "\n").first ?? "")); restore it from a backup, rescue it with "
                + "'sqlite3 FILE .recover', or move it away to begin anew"
        case .notWritable(let problem):
            "'\(path)' cannot be written (\(problem)); check the folder and its permissions, "
                + "or name another file with --database"
        case .busy:
            "'\(path)' is locked by another program; close it and start again"
        case .heldBy(let pid):
            "'\(path)' is in use by another server\(pid.map { " (pid \($0))" } ?? ""); "
                + "stop that one, or name another file with --database"
        case .failed(let problem):
            "'\(path)' cannot be opened (\(problem)); the log of the system may say more"
        }
    }

    init(path: String, _ error: SQLiteError) {
        self.path = path
        if error.isDamage {
            reason = .damaged(error.message)
        } else if error.isBusy {
            reason = .busy
        } else if error.isNotWritable {
            reason = .notWritable(error.message)
        } else {
            reason = .failed(error.message)
        }
    }
}
