import RoostCore

/// The questions asked of the outbox.
enum WebhookReads {
    static let bySequence = """
        SELECT url, host, note, state, attempts, last_status, last_error, last_attempt_at_ms, next_attempt_at_ms,
            delivered_at_ms
        FROM webhooks WHERE seq = ?
        """

    static let due = """
        SELECT jobs.id, webhooks.host FROM webhooks CROSS JOIN jobs ON jobs.seq = webhooks.seq
        WHERE webhooks.next_attempt_at_ms <= ?1 AND webhooks.host NOT IN (SELECT value FROM json_each(?2))
            AND substr(webhooks.host, 1, instr(webhooks.host || '/', '/') - 1) NOT IN (SELECT value FROM json_each(?2))
        ORDER BY webhooks.next_attempt_at_ms LIMIT ?3
        """

    static let next = "SELECT min(next_attempt_at_ms) FROM webhooks WHERE next_attempt_at_ms > ?"

    static let withoutBody = """
        SELECT jobs.id FROM webhooks CROSS JOIN jobs ON jobs.seq = webhooks.seq
        WHERE webhooks.state = 'waiting' AND jobs.completed_at_ms IS NOT NULL LIMIT ?
        """

    /// The webhook of a job, or nil.
    static func webhook(_ sequence: Int64, _ connection: SQLiteConnection) throws(SQLiteError) -> JobWebhook?
    {
        try connection.first(bySequence, .int(sequence)) { row throws(SQLiteError) in
            guard let state = WebhookState(rawValue: row.text(3)) else {
                throw .damaged("a webhook has an unknown state")
            }
            var webhook = JobWebhook(url: row.text(0), receiver: row.text(1), note: row.text(2))
            webhook.state = state
            webhook.attempts = Int(row.int(4))
            webhook.lastStatus = row.int(ifPresent: 5).map { Int($0) }
            webhook.lastError = row.text(ifPresent: 6)
            webhook.lastAttemptAt = row.int(ifPresent: 7).map(Timestamp.init(milliseconds:))
            webhook.nextAttemptAt = row.int(ifPresent: 8).map(Timestamp.init(milliseconds:))
            webhook.deliveredAt = row.int(ifPresent: 9).map(Timestamp.init(milliseconds:))
            return webhook
        }
    }

    static func agenda(
        at now: Timestamp, excluding receivers: [String], limit: Int, _ connection: SQLiteConnection
    ) throws(SQLiteError) -> WebhookAgenda {
        let excluded = JSON.array(receivers.map { .string($0) }).serialized()
        return try connection.snapshot { () throws(SQLiteError) in
            let due = try connection.rows(
                due, .int(now.milliseconds), .utf8(excluded), .int(max(0, limit))
            ) { row throws(SQLiteError) in WebhookAgenda.Item(id: try id(row), receiver: row.text(1)) }
            let next = try connection.first(next, .int(now.milliseconds)) { $0.int(ifPresent: 0) }
            return WebhookAgenda(due: due, nextAt: next.flatMap(\.self).map(Timestamp.init(milliseconds:)))
        }
    }

    static func message(_ id: JobID, _ connection: SQLiteConnection) throws(SQLiteError) -> WebhookMessage? {
        try connection.first(
            """
            SELECT url, attempts, round, round_started_at_ms, body FROM webhooks
            WHERE seq = (SELECT seq FROM jobs WHERE id = ?) AND state = 'pending'
            """, id.blob
        ) { row in
            WebhookMessage(
                id: id, url: row.text(0), body: row.bytes(4), attempts: Int(row.int(1)),
                round: Int(row.int(2)),
                roundStartedAt: row.int(ifPresent: 3).map(Timestamp.init(milliseconds:)))
        }
    }

    static func jobsWithoutBody(limit: Int, _ connection: SQLiteConnection) throws(SQLiteError) -> [JobID] {
        try connection.rows(withoutBody, .int(max(0, limit))) { row throws(SQLiteError) in try id(row) }
    }

    private static func id(_ row: borrowing SQLiteRow) throws(SQLiteError) -> JobID {
        guard let id = JobID(blob: row.bytes(0)) else { throw .damaged("a job id is not 16 bytes") }
        return id
    }
}
