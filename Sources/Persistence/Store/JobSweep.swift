import RoostCore

/// Retention: finished jobs beyond the rule, oldest by creation first (contract §10).
enum JobSweep {
    /// Bounds of one transaction, so that no other write waits long: rows, bytes of their contents, and time.
    static let maximumRows = 128
    private static let maximumTime = Duration.milliseconds(2)
    private static let maximumBytes: Int64 = 32 << 20

    static let candidates = """
        SELECT jobs.seq, jobs.created_at_ms, job_contents.size_bytes
        FROM jobs CROSS JOIN job_contents ON job_contents.seq = jobs.seq
        WHERE jobs.completed_at_ms IS NOT NULL
        ORDER BY jobs.created_at_ms, jobs.seq
        """

    /// Removes one batch.
    ///
    /// - Returns: How many went, whether there may be more, and how long others had to wait for it.
    static func batch(
        _ retention: JobRetention, now: Timestamp, _ connection: SQLiteConnection
    ) throws(SQLiteError) -> (removed: Int, hasMore: Bool, took: Duration) {
        let began = ContinuousClock.now
        try KeyWrites.sweep(now: now, connection)
        try StatisticsWrites.prune(now: now, connection)
        let finished =
            try connection.first(
                "SELECT sum(total) FROM job_totals WHERE status IN ('completed', 'failed', 'cancelled')"
            ) { $0.int(0) } ?? 0
        let excess = finished - Int64(max(0, retention.maximumCount))
        let (cutoff, overflow) = now.milliseconds.subtractingReportingOverflow(
            retention.maximumAgeMilliseconds)
        let oldest = overflow ? Int64.min : cutoff
        var doomed: [Int64] = []
        var bytes: Int64 = 0
        var hasMore = false
        try connection.run(candidates, []) { row throws(SQLiteError) in
            guard row.int(1) < oldest || Int64(doomed.count) < excess else { return false }
            guard doomed.count < maximumRows, bytes < maximumBytes else {
                hasMore = true
                return false
            }
            doomed.append(row.int(0))
            bytes += row.int(2)
            return true
        }
        let deadline = ContinuousClock.now + maximumTime
        for (offset, sequence) in doomed.enumerated() {
            try JobWrites.remove(sequence, connection)
            if ContinuousClock.now > deadline, offset + 1 < doomed.count {
                return (offset + 1, true, began.duration(to: .now))
            }
        }
        return (doomed.count, hasMore, began.duration(to: .now))
    }
}
