import CSQLite

extension SQLiteConnection {
    /// Copies the whole database over another one (https://www.sqlite.org/c3ref/backup_finish.html).
    ///
    /// - Parameters:
    ///   - target: Nobody else may use it.
    ///   - pages: How many to copy between two reports.
    ///   - report: Takes how many pages are done and how many there are.
    /// - Throws: ``SQLiteError``, or what `report` threw.
    func copy(to target: SQLiteConnection, pagesAtOnce pages: Int32, report: (Int, Int) throws -> Void) throws
    {
        guard let backup = unsafe sqlite3_backup_init(target.handle, "main", handle, "main") else {
            throw unsafe SQLiteError(of: target.handle, code: sqlite3_errcode(target.handle))
        }
        var code = SQLITE_OK
        do {
            while code == SQLITE_OK {
                code = unsafe sqlite3_backup_step(backup, pages)
                let total = Int(unsafe sqlite3_backup_pagecount(backup))
                try report(total - Int(unsafe sqlite3_backup_remaining(backup)), total)
            }
        } catch {
            unsafe sqlite3_backup_finish(backup)
            throw error
        }
        // Tells what the last step told, and frees.
        let end = unsafe sqlite3_backup_finish(backup)
        guard end == SQLITE_OK else { throw unsafe SQLiteError(of: target.handle, code: end) }
    }
}
