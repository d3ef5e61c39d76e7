/// The numbered steps from an empty file to the current schema.
struct Migrations: Sendable {
    /// Marks a database as ours (https://www.sqlite.org/pragma.html#pragma_application_id).
    let applicationID: Int32
    /// The step at index 0 makes schema 1. A step that was ever released is never changed.
    let steps: [String]

    /// The newest schema: what `PRAGMA user_version` says after all steps.
    var version: Int { steps.count }

    /// Brings a database up to date, in one transaction.
    ///
    /// - Parameter connection: Outside a transaction; with nobody else writing.
    /// - Throws: ``SQLiteError``; the database is then as before.
    func apply(to connection: SQLiteConnection) throws(SQLiteError) {
        let found = Int(try connection.first("PRAGMA user_version") { $0.int(0) } ?? 0)
        guard found < version else { return }
        do {
            try connection.executeScript("BEGIN IMMEDIATE")
            for step in steps[max(0, found)...] { try connection.executeScript(step) }
            try connection.executeScript("PRAGMA application_id = \(applicationID)")
            try connection.executeScript("PRAGMA user_version = \(version)")
            try connection.executeScript("COMMIT")
        } catch {
            connection.rollback()
            throw error
        }
        // So that the header in the file itself tells the version; see ``DatabaseFile/inspect(_:)``.
        try connection.emptyLog()
    }
}
