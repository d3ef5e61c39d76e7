import RoostCore

/// What the last server left behind, and what became of it when the database was opened.
struct JobRecovery: Sendable {
    /// How many jobs were ended.
    var ended = 0
    /// Jobs that wait to be submitted again, oldest first.
    var pending: [Job] = []

    static let unfinished = """
        SELECT seq, id, handler, status, started_at_ms FROM jobs INDEXED BY jobs_unfinished
        WHERE completed_at_ms IS NULL
        """

    private struct Unfinished {
        var sequence: Int64
        var id: JobID
        var handler: String
        var status: JobStatus
        var startedAt: Int64?
    }

    /// Ends what was running, and what was pending unless that is to be kept. Within a transaction of the writer.
    ///
    /// - Parameters:
    ///   - resume: What becomes of pending jobs.
    ///   - now: When the others count as ended.
    ///   - connection: The writer's.
    /// - Returns: What there was.
    /// - Throws: ``SQLiteError``.
    static func run(_ resume: SQLiteStoreOptions.Resume, now: Timestamp, _ connection: SQLiteConnection)
        throws(SQLiteError) -> JobRecovery
    {
        var recovery = JobRecovery()
        let left = try connection.rows(unfinished) { row throws(SQLiteError) in
            guard let id = JobID(blob: row.bytes(1)) else { throw .damaged("a job id is not 16 bytes") }
            return Unfinished(
                sequence: row.int(0), id: id, handler: row.text(2), status: try JobReads.status(row.text(3)),
                startedAt: row.int(ifPresent: 4))
        }
        for job in left.sorted(by: { $0.sequence < $1.sequence }) {
            if resume == .requeue, job.status == .pending {
                if let job = try JobReads.wholeJob(job.id, connection) { recovery.pending.append(job) }
            } else {
                try end(job, now: now, connection)
                recovery.ended += 1
            }
        }
        return recovery
    }

    private static func end(_ job: Unfinished, now: Timestamp, _ connection: SQLiteConnection)
        throws(SQLiteError)
    {
        let failure = JobFailure(serverStoppedWhile: job.status)
        let duration = job.startedAt.map { Timestamp(milliseconds: $0).milliseconds(until: now) }
        try connection.execute(
            "UPDATE job_contents SET failure = ? WHERE seq = ?", .utf8(JobRecordJSON.failure(failure)),
            .int(job.sequence))
        try connection.execute(
            "UPDATE jobs SET status = 'failed', completed_at_ms = ?, duration_ms = ? WHERE seq = ?",
            .int(now.milliseconds), .int(duration ?? 0), .int(job.sequence))
        try StatisticsWrites.ended(
            job.handler, .failed, at: now, durationMilliseconds: duration.map { Int($0) }, connection)
    }
}
