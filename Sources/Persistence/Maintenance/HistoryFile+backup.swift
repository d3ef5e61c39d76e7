import Glibc

extension HistoryFile {
    /// Copies the history as it is at one moment into a new file, beside a server that goes on writing.
    ///
    /// By SQLite's online backup (https://www.sqlite.org/backup.html). The copy appears under its name when it is whole; it
    /// is readable by its owner only. The server's write-ahead log can grow while it lasts.
    ///
    /// - Parameters:
    ///   - target: The new file; must not be there.
    ///   - report: Called after each few megabytes, in `pages`.
    /// - Throws: ``HistoryError``, or what `report` threw; there is then no new file.
    public func backup(to target: String, report: Report = { _ in }) throws {
        guard DatabaseFile.size(target) == nil else { throw HistoryError.exists(target) }
        let draft = target + ".part"
        try reading(allowsOlder: true) { connection in
            unsafe unlink(draft)
            let descriptor = unsafe open(draft, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
            guard descriptor >= 0 else { throw HistoryError.notWritten(target, SystemError.message(errno)) }
            close(descriptor)
            do {
                do {
                    let copy = try SQLiteConnection(path: draft, mode: .existing)
                    // One snapshot from the first page to the last: without it each commit of the server would begin the
                    // copy anew.
                    try connection.snapshot { () throws in
                        _ = try connection.first("SELECT count(*) FROM sqlite_schema") { $0.int(0) }
                        try connection.copy(to: copy, pagesAtOnce: 1024) { done, total in
                            try report(HistoryProgress(unit: "pages", done: done, total: total))
                        }
                    }
                } catch let error as SQLiteError {
                    guard error.isFull || error.isNotWritable else { throw error }
                    throw HistoryError.notWritten(target, error.message)
                }
                // `link` and not `rename`: what has come to be there meanwhile stays.
                guard unsafe link(draft, target) == 0 else {
                    throw errno == EEXIST
                        ? HistoryError.exists(target) : .notWritten(target, SystemError.message(errno))
                }
                unsafe unlink(draft)
            } catch {
                for suffix in ["", "-journal", "-wal", "-shm"] { unsafe unlink(draft + suffix) }
                throw error
            }
        }
    }
}
