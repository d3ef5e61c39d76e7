import RoostCore

/// The full-text index of the history: FTS5 without contents of its own (https://www.sqlite.org/fts5.html §4.4.1).
///
/// It is filled by the writer after the jobs have ended, a few at a time, so a job's own transactions do not pay for it. It
/// holds the words as ``JobText`` writes them, and thus finds what a look at each job finds. What is not indexed
/// yet is looked at (``SearchReads``). Where the library has no FTS5, there is no index, and everything is looked at.
///
/// Row ids are never used twice, so an entry that a program without FTS5 left behind names a job that is gone.
enum SearchIndex {
    /// The words are folded already, so they are only to be split at the spaces. Neither ranks nor sizes are asked for.
    private static let create = """
        CREATE VIRTUAL TABLE IF NOT EXISTS job_texts
            USING fts5(code, output, content = '', columnsize = 0, tokenize = 'ascii')
        """
    private static let probe = "SELECT rowid FROM job_texts WHERE job_texts MATCH '\"x\"' LIMIT 1"
    private static let isIndexed = """
        SELECT 1 FROM job_search
        WHERE indexed_to >= ?1 AND NOT EXISTS (SELECT 1 FROM job_search_skipped WHERE seq = ?1)
        """

    /// Makes the index where there is none and FTS5 is, and notes on the connection whether there is one.
    static func make(_ connection: SQLiteConnection) {
        try? connection.executeScript(create)
        find(connection)
    }

    /// Notes on the connection whether there is an index that it can use.
    static func find(_ connection: SQLiteConnection) {
        do throws(SQLiteError) {
            _ = try connection.first(probe) { $0.int(0) }
            connection.hasTextIndex = true
        } catch {
            connection.hasTextIndex = false
        }
    }

    static func add(_ sequence: Int64, _ texts: SearchTexts, _ connection: SQLiteConnection)
        throws(SQLiteError)
    {
        try connection.execute(
            "INSERT INTO job_texts (rowid, code, output) VALUES (?, ?, ?)", .int(sequence), .utf8(texts.code),
            .utf8(texts.output ?? []))
    }

    /// Takes a finished job out of the index that is about to be removed. An index without contents has to be told what
    /// it held, which the same columns and the same rules give.
    static func forget(_ sequence: Int64, _ connection: SQLiteConnection) throws(SQLiteError) {
        guard connection.hasTextIndex,
            try connection.first(isIndexed, .int(sequence), read: { $0.int(0) }) != nil,
            let texts = try SearchTexts(sequence, connection)
        else { return }
        try connection.execute(
            "INSERT INTO job_texts (job_texts, rowid, code, output) VALUES ('delete', ?, ?, ?)",
            .int(sequence),
            .utf8(texts.code), .utf8(texts.output ?? []))
    }

    /// The row up to which jobs are in the index or noted as skipped.
    static func indexedTo(_ connection: SQLiteConnection) throws(SQLiteError) -> Int64 {
        try connection.first("SELECT indexed_to FROM job_search") { $0.int(0) } ?? 0
    }

    /// The query in FTS5's language: phrases in quotation marks, which hold nothing but letters, digits and spaces.
    static func expression(_ text: JobTextQuery) -> SQLiteValue {
        let phrases = text.phrases.map { "\"" + String(decoding: $0, as: UTF8.self) + "\"" }
        return .text(phrases.joined(separator: " AND "))
    }
}
