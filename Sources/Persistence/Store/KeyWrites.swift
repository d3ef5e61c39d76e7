import RoostCore

/// Idempotency keys: each names the job of its first request for 24 hours. Each runs within a transaction of the writer.
enum KeyWrites {
    static let known = """
        SELECT jobs.id, idempotency_keys.fingerprint, idempotency_keys.created_at_ms, idempotency_keys.seq
        FROM idempotency_keys JOIN jobs ON jobs.seq = idempotency_keys.seq
        WHERE idempotency_keys.client = ? AND idempotency_keys.key = ?
        """
    static let forget = """
        DELETE FROM idempotency_keys WHERE seq IN
            (SELECT seq FROM idempotency_keys WHERE created_at_ms < ? ORDER BY created_at_ms LIMIT ?)
        """

    /// Adds a job and its key, or neither.
    ///
    /// - Returns: Why not; nil when they were added.
    static func insert(
        _ job: Job, once key: IdempotencyKey, _ connection: SQLiteConnection
    ) throws(SQLiteError) -> JobStoreError? {
        let now = job.summary.createdAt
        let found = try connection.first(known, .text(key.client), .text(key.key)) {
            row throws(SQLiteError) in
            guard let id = JobID(blob: row.bytes(0)) else { throw .damaged("a job id is not 16 bytes") }
            return (id: id, fingerprint: row.bytes(1), createdAt: row.int(2), sequence: row.int(3))
        }
        if let found {
            guard found.createdAt < oldest(at: now) else {
                return .keyInUse(found.id, isSame: found.fingerprint == key.fingerprint)
            }
            try connection.execute("DELETE FROM idempotency_keys WHERE seq = ?", .int(found.sequence))
        }
        guard try JobWrites.insert(job, connection) else { return .duplicate(job.id) }
        try connection.execute(
            """
            INSERT INTO idempotency_keys (seq, client, key, fingerprint, created_at_ms)
            SELECT seq, ?, ?, ?, ? FROM jobs WHERE id = ?
            """,
            .text(key.client), .text(key.key), .blob(key.fingerprint), .int(now.milliseconds), job.id.blob)
        return nil
    }

    /// Removes keys whose time is over, at most as many as one batch of the sweep may.
    static func sweep(now: Timestamp, _ connection: SQLiteConnection) throws(SQLiteError) {
        try connection.execute(forget, .int(oldest(at: now)), .int(Int64(JobSweep.maximumRows)))
    }

    private static func oldest(at now: Timestamp) -> Int64 {
        let (time, overflow) = now.milliseconds.subtractingReportingOverflow(
            IdempotencyKey.lifetimeMilliseconds)
        return overflow ? .min : time
    }
}
