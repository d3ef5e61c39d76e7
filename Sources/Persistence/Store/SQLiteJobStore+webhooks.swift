public import RoostCore

/// The outbox is in the same database, and changes with its jobs.
extension SQLiteJobStore: WebhookStore {
    /// What is due, earliest first; see ``WebhookStore``.
    ///
    /// - Throws: `unavailable`.
    public func webhooksDue(at now: Timestamp, excluding receivers: [String], limit: Int)
        async throws(JobStoreError)
        -> WebhookAgenda
    {
        try await question { connection throws(SQLiteError) in
            try WebhookReads.agenda(at: now, excluding: receivers, limit: limit, connection)
        }
    }

    /// What is to be sent, or nil.
    ///
    /// - Throws: `unavailable`.
    public func webhookMessage(of id: JobID) async throws(JobStoreError) -> WebhookMessage? {
        try await question { connection throws(SQLiteError) in try WebhookReads.message(id, connection) }
    }

    /// Keeps what came of an attempt.
    ///
    /// - Returns: False when the webhook is gone or an attempt was kept meanwhile.
    /// - Throws: `unavailable`.
    public func saveWebhook(_ attempt: WebhookAttempt, of id: JobID) async throws(JobStoreError) -> Bool {
        try await change { connection throws(SQLiteError) in
            try WebhookWrites.save(attempt, of: id, connection)
        }
    }

    /// Makes a webhook that has a body due now, as if it had never been sent.
    ///
    /// - Returns: False when there is none.
    /// - Throws: `unavailable`.
    public func retryWebhook(of id: JobID, at now: Timestamp) async throws(JobStoreError) -> Bool {
        try await change { connection throws(SQLiteError) in try WebhookWrites.retry(id, at: now, connection)
        }
    }

    /// Jobs that have ended and whose webhook has no body.
    ///
    /// - Throws: `unavailable`.
    public func webhooksWithoutBody(limit: Int) async throws(JobStoreError) -> [JobID] {
        try await question { connection throws(SQLiteError) in
            try WebhookReads.jobsWithoutBody(limit: limit, connection)
        }
    }

    /// Gives such a webhook its body and makes it due; without one it fails.
    ///
    /// - Returns: False when it is gone or has one.
    /// - Throws: `unavailable`.
    public func setWebhookBody(_ body: [UInt8]?, of id: JobID, at now: Timestamp)
        async throws(JobStoreError) -> Bool
    {
        try await change(weight: body?.count ?? 0) { connection throws(SQLiteError) in
            try WebhookWrites.setBody(body, of: id, at: now, connection)
        }
    }
}
