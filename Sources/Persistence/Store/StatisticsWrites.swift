import RoostCore

/// The statements that keep `job_minutes` and `job_ends`, within the transaction of what they count.
enum StatisticsWrites {
    /// `count` is 1, or 0 for a job that another history had accepted.
    static func accepted(
        _ handler: String, at time: Timestamp, sequence: Int64, count: Int64 = 1,
        _ connection: SQLiteConnection
    ) throws(SQLiteError) {
        try connection.execute(
            """
            INSERT INTO job_minutes VALUES (?1, ?2, ?3, ?4, ?4) ON CONFLICT DO UPDATE SET
                accepted = accepted + ?3, first_seq = min(first_seq, ?4), last_seq = max(last_seq, ?4)
            """,
            .int(JobActivityWindow.minute(time)), .text(handler), .int(count), .int(sequence))
    }

    static func ended(
        _ handler: String, _ status: JobStatus, at time: Timestamp, durationMilliseconds: Int?,
        _ connection: SQLiteConnection
    ) throws(SQLiteError) {
        let durationClass =
            durationMilliseconds.map { DurationHistogram.classIndex(ofMilliseconds: $0) } ?? -1
        try connection.execute(
            "INSERT INTO job_ends VALUES (?, ?, ?, ?, 1) ON CONFLICT DO UPDATE SET total = total + 1",
            .int(JobActivityWindow.minute(time)), .text(handler), .text(status.rawValue), .int(durationClass))
    }

    /// Forgets what nobody can ask for any more; part of the sweep.
    static func prune(now: Timestamp, _ connection: SQLiteConnection) throws(SQLiteError) {
        let first = JobActivityWindow.firstMinute(of: keptMinutes, now: now)
        try connection.execute(
            "DELETE FROM job_ends WHERE minute < ? AND minute < (SELECT min(minute) + ? FROM job_ends)",
            .int(first), .int(prunedMinutes))
        try connection.execute(
            """
            DELETE FROM job_minutes WHERE minute < ?1 AND minute < (SELECT min(minute) + ?2 FROM job_minutes)
                AND last_seq < coalesce((SELECT min(seq) FROM jobs), 9223372036854775807)
            """, .int(first), .int(prunedMinutes))
        try connection.execute("DELETE FROM job_totals WHERE total = 0")
    }

    /// A day and the minute under way.
    private static let keptMinutes: Int64 = 1441
    /// Bounds one transaction; far more than goes by from one sweep to the next.
    private static let prunedMinutes: Int64 = 240
}
