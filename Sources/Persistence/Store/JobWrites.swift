import RoostCore

/// The statements that change the history. Each runs within a transaction of the writer.
enum JobWrites {
    /// - Parameters:
    ///   - job: With all it has, but for progress while it has not ended.
    ///   - accepted: 1; 0 for a job that another history had accepted.
    ///   - connection: The writer's.
    /// - Returns: False when the id is taken.
    /// - Throws: ``SQLiteError``.
    static func insert(_ job: Job, accepted: Int64 = 1, _ connection: SQLiteConnection) throws(SQLiteError)
        -> Bool
    {
        let summary = job.summary
        let sequence = try connection.first(
            """
            INSERT INTO jobs (id, handler, lane, status, created_at_ms, started_at_ms, completed_at_ms, duration_ms,
                timeout_ms, session, client)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING RETURNING seq
            """,
            summary.id.blob, .text(summary.handler), .text(summary.lane), .text(summary.status.rawValue),
            .int(summary.createdAt.milliseconds), .int(summary.startedAt?.milliseconds),
            .int(summary.completedAt?.milliseconds), .int(summary.durationMilliseconds),
            .int(summary.timeoutMilliseconds), .text(summary.session), .text(summary.client)
        ) { $0.int(0) }
        guard let sequence else { return false }
        try StatisticsWrites.accepted(
            summary.handler, at: summary.createdAt, sequence: sequence, count: accepted, connection)
        let output = job.output
        try connection.execute(
            """
            INSERT INTO job_contents (seq, flags, size_bytes, input, stdout, stderr, logs, result, failure, progress)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            .int(sequence), .int(output.flags), .int(job.input.utf8.count + output.weight), .text(job.input),
            .blob(output.stdout), .blob(output.stderr), .utf8(JobRecordJSON.logs(output.logs[...])),
            output.result.map { .utf8($0.bytes) } ?? .null,
            job.failure.map { .utf8(JobRecordJSON.failure($0)) } ?? .null,
            job.status.isFinished ? job.progress.map { .utf8($0.json.serialized()) } ?? .null : .null)
        if let webhook = job.webhook { try WebhookWrites.insert(webhook, sequence, connection) }
        return true
    }

    /// - Returns: False when the job was not pending.
    static func start(_ id: JobID, at time: Timestamp, _ connection: SQLiteConnection) throws(SQLiteError)
        -> Bool
    {
        try connection.execute(
            "UPDATE jobs SET status = 'running', started_at_ms = ? WHERE id = ? AND status = 'pending'",
            .int(time.milliseconds), id.blob) == 1
    }

    /// - Returns: False when the job was neither pending nor running.
    static func finish(_ id: JobID, _ end: JobEnd, _ connection: SQLiteConnection) throws(SQLiteError) -> Bool
    {
        let found = try connection.first(
            """
            UPDATE jobs SET status = ?, completed_at_ms = ?, duration_ms = ?
            WHERE id = ? AND status IN ('pending', 'running') RETURNING seq, handler, started_at_ms IS NOT NULL
            """,
            .text(end.status.rawValue), .int(end.completedAt.milliseconds), .int(end.durationMilliseconds),
            id.blob
        ) { (sequence: $0.int(0), handler: $0.text(1), hasRun: $0.int(2) != 0) }
        guard let (sequence, handler, hasRun) = found else { return false }
        try StatisticsWrites.ended(
            handler, end.status, at: end.completedAt,
            durationMilliseconds: hasRun ? end.durationMilliseconds : nil,
            connection)
        let output = end.output
        try connection.execute(
            """
            UPDATE job_contents SET flags = ?, size_bytes = length(CAST(input AS BLOB)) + ?, stdout = ?, stderr = ?,
                logs = ?, result = ?, failure = ?, progress = ?
            WHERE seq = ?
            """,
            .int(output.flags), .int(output.weight), .blob(output.stdout), .blob(output.stderr),
            .utf8(JobRecordJSON.logs(output.logs[...])), output.result.map { .utf8($0.bytes) } ?? .null,
            end.failure.map { .utf8(JobRecordJSON.failure($0)) } ?? .null,
            end.progress.map { .utf8($0.json.serialized()) } ?? .null, .int(sequence))
        try connection.execute("DELETE FROM job_parts WHERE seq = ?", .int(sequence))
        if let body = end.webhookBody {
            try WebhookWrites.setBody(body, sequence, at: end.completedAt, connection)
        }
        return true
    }

    /// Appends what is new since the last save; output only grows, so its length tells what that is.
    static func save(_ output: JobOutput, of id: JobID, _ connection: SQLiteConnection) throws(SQLiteError) {
        let running = "SELECT seq FROM jobs WHERE id = ? AND status = 'running'"
        guard let sequence = try connection.first(running, id.blob, read: { $0.int(0) }) else { return }
        var saved =
            try connection.first(
                """
                SELECT flags, stdout_end, stderr_end, logs_end FROM job_parts
                WHERE seq = ? ORDER BY part DESC LIMIT 1
                """, .int(sequence)
            ) { row in
                Saved(
                    flags: row.int(0), stdout: Int(row.int(1)), stderr: Int(row.int(2)), logs: Int(row.int(3))
                )
            } ?? Saved()
        if saved.stdout > output.stdout.count || saved.stderr > output.stderr.count
            || saved.logs > output.logs.count
        {
            // Not what the protocol promises, but then the latest is right.
            try connection.execute("DELETE FROM job_parts WHERE seq = ?", .int(sequence))
            saved = Saved()
        }
        if let result = output.result {
            try connection.execute(
                "UPDATE job_contents SET result = ?1 WHERE seq = ?2 AND result IS NOT ?1",
                .utf8(result.bytes),
                .int(sequence))
        }
        let current = Saved(
            flags: output.flags, stdout: output.stdout.count, stderr: output.stderr.count,
            logs: output.logs.count)
        guard saved != current else { return }
        try connection.execute(
            """
            INSERT INTO job_parts (seq, flags, stdout_end, stderr_end, logs_end, stdout, stderr, logs)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            .int(sequence), .int(current.flags), .int(current.stdout), .int(current.stderr),
            .int(current.logs),
            .blob(Array(output.stdout[saved.stdout...])), .blob(Array(output.stderr[saved.stderr...])),
            .utf8(JobRecordJSON.logs(output.logs[saved.logs...])))
    }

    /// How much of an output the parts hold.
    private struct Saved: Equatable {
        var flags: Int64 = 0
        var stdout = 0
        var stderr = 0
        var logs = 0
    }

    /// - Returns: The state the job had; nil when there is no such finished job.
    static func remove(_ id: JobID, _ connection: SQLiteConnection) throws(SQLiteError) -> JobStatus? {
        let finished = "SELECT seq, status FROM jobs WHERE id = ? AND completed_at_ms IS NOT NULL"
        let found = try connection.first(finished, id.blob) { (sequence: $0.int(0), status: $0.text(1)) }
        guard let (sequence, status) = found else { return nil }
        try remove(sequence, connection)
        return try JobReads.status(status)
    }

    /// Removes a finished job with all that belongs to it.
    static func remove(_ sequence: Int64, _ connection: SQLiteConnection) throws(SQLiteError) {
        try SearchIndex.forget(sequence, connection)
        try connection.execute("DELETE FROM jobs WHERE seq = ?", .int(sequence))
    }
}
