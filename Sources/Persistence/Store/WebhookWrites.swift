import RoostCore

/// The statements that change the outbox. Each runs within a transaction of the writer.
enum WebhookWrites {
    static func insert(_ webhook: JobWebhook, _ sequence: Int64, _ connection: SQLiteConnection)
        throws(SQLiteError)
    {
        try connection.execute(
            """
            INSERT INTO webhooks (seq, url, host, note, state, attempts, round) VALUES (?, ?, ?, ?, 'waiting', 0, 0)
            """, .int(sequence), .text(webhook.url), .text(webhook.receiver), .text(webhook.note))
    }

    /// Nothing happens when it has a body.
    ///
    /// - Returns: False when it has one, or is gone.
    @discardableResult
    static func setBody(
        _ body: [UInt8]?, _ sequence: Int64, at time: Timestamp, _ connection: SQLiteConnection
    ) throws(SQLiteError) -> Bool {
        guard let body else {
            return try connection.execute(
                """
                UPDATE webhooks SET state = 'failed', last_error = 'no handler makes its body'
                WHERE seq = ? AND state = 'waiting'
                """, .int(sequence)) == 1
        }
        let isSet =
            try connection.execute(
                """
                UPDATE webhooks SET state = 'pending', body = ?, next_attempt_at_ms = ?
                WHERE seq = ? AND state = 'waiting'
                """, .blob(body), .int(time.milliseconds), .int(sequence)) == 1
        // The sweep bounds its transactions by this.
        if isSet {
            try connection.execute(
                "UPDATE job_contents SET size_bytes = size_bytes + ? WHERE seq = ?", .int(body.count),
                .int(sequence))
        }
        return isSet
    }

    static func setBody(
        _ body: [UInt8]?, of id: JobID, at time: Timestamp, _ connection: SQLiteConnection
    ) throws(SQLiteError) -> Bool {
        let ended = "SELECT seq FROM jobs WHERE id = ? AND completed_at_ms IS NOT NULL"
        guard let sequence = try connection.first(ended, id.blob, read: { $0.int(0) }) else { return false }
        return try setBody(body, sequence, at: time, connection)
    }

    /// - Returns: False when it is gone, or an attempt was kept meanwhile.
    static func save(_ attempt: WebhookAttempt, of id: JobID, _ connection: SQLiteConnection)
        throws(SQLiteError) -> Bool
    {
        try connection.execute(
            """
            UPDATE webhooks SET state = ?2, attempts = attempts + 1, round = round + 1,
                round_started_at_ms = coalesce(round_started_at_ms, ?3), last_attempt_at_ms = ?3, last_status = ?4,
                last_error = ?5, next_attempt_at_ms = ?6,
                delivered_at_ms = CASE ?2 WHEN 'delivered' THEN ?7 ELSE delivered_at_ms END
            WHERE seq = (SELECT seq FROM jobs WHERE id = ?1) AND state = 'pending' AND attempts = ?8
            """,
            id.blob, .text(attempt.state.rawValue), .int(attempt.at.milliseconds), .int(attempt.status),
            .text(attempt.error), .int(attempt.nextAttemptAt?.milliseconds),
            .int(attempt.endedAt.milliseconds), .int(attempt.previousAttempts)) == 1
    }

    /// - Returns: False when there is none with a body.
    static func retry(_ id: JobID, at time: Timestamp, _ connection: SQLiteConnection) throws(SQLiteError)
        -> Bool
    {
        try connection.execute(
            """
            UPDATE webhooks SET state = 'pending', round = 0, round_started_at_ms = NULL, next_attempt_at_ms = ?
            WHERE seq = (SELECT seq FROM jobs WHERE id = ?) AND body IS NOT NULL
            """, .int(time.milliseconds), id.blob) == 1
    }
}
