import RoostCore

/// Fills the search index, a batch at a time, on the writer's thread.
enum SearchIndexer {
    /// Bounds of one batch, so that no write waits long: jobs, and time.
    private static let maximumJobs: Int64 = 256
    private static let maximumTime = Duration.milliseconds(4)

    static let ended = """
        SELECT job_search_skipped.seq FROM job_search_skipped CROSS JOIN jobs ON jobs.seq = job_search_skipped.seq
        WHERE jobs.completed_at_ms IS NOT NULL ORDER BY job_search_skipped.seq LIMIT ?
        """
    static let next = "SELECT seq, completed_at_ms IS NOT NULL FROM jobs WHERE seq > ? ORDER BY seq LIMIT ?"

    /// Indexes what has ended since the last time.
    ///
    /// - Returns: True when there may be more.
    static func run(_ writer: Writer, _ connection: SQLiteConnection) -> Bool {
        guard connection.hasTextIndex, (try? hasWork(connection)) == true else { return false }
        var hasMore = false
        let failure = writer.transaction(connection, within: .milliseconds(50)) { () throws(SQLiteError) in
            hasMore = try batch(connection)
        }
        // Locked or full: whatever else is written next has it tried again.
        return failure == nil && hasMore
    }

    private static func hasWork(_ connection: SQLiteConnection) throws(SQLiteError) -> Bool {
        let mark = try SearchIndex.indexedTo(connection)
        if try connection.first(next, .int(mark), .int(1), read: { $0.int(0) }) != nil { return true }
        return try connection.first(ended, .int(1)) { $0.int(0) } != nil
    }

    private static func batch(_ connection: SQLiteConnection) throws(SQLiteError) -> Bool {
        let deadline = ContinuousClock.now + maximumTime
        for sequence in try connection.rows(ended, .int(maximumJobs), read: { $0.int(0) }) {
            if let texts = try SearchTexts(sequence, connection) {
                try SearchIndex.add(sequence, texts, connection)
            }
            try connection.execute("DELETE FROM job_search_skipped WHERE seq = ?", .int(sequence))
            if ContinuousClock.now > deadline { return true }
        }
        var mark = try SearchIndex.indexedTo(connection)
        let jobs = try connection.rows(next, .int(mark), .int(maximumJobs)) {
            (sequence: $0.int(0), hasEnded: $0.int(1) != 0)
        }
        var isLate = false
        for job in jobs where !isLate {
            mark = job.sequence
            if job.hasEnded, let texts = try SearchTexts(job.sequence, connection) {
                try SearchIndex.add(job.sequence, texts, connection)
            } else {
                try connection.execute("INSERT INTO job_search_skipped VALUES (?)", .int(job.sequence))
            }
            isLate = ContinuousClock.now > deadline
        }
        try connection.execute("UPDATE job_search SET indexed_to = ?", .int(mark))
        return isLate || jobs.count == maximumJobs
    }
}
