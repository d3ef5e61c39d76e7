/// Where webhooks wait to be sent: a ``JobStore`` that also keeps an outbox.
///
/// A webhook is written with its job (``Job/webhook``) and made ready in the transaction that ends the job
/// (``JobEnd/webhookBody``), so that none is lost whenever the process dies. Every method returns when its effect is
/// durable, and never blocks the caller's thread meanwhile.
public protocol WebhookStore: JobStore {
    /// What is due, earliest first, and when the next one will be.
    ///
    /// - Parameters:
    ///   - now: What is due by then.
    ///   - receivers: Not those to these: each `host:port/path`, or `host:port` for all of a host.
    ///   - limit: How many at most.
    /// - Returns: They, and the time.
    /// - Throws: ``JobStoreError/unavailable(_:)``.
    func webhooksDue(at now: Timestamp, excluding receivers: [String], limit: Int) async throws(JobStoreError)
        -> WebhookAgenda

    /// What is to be sent; nil when the webhook is gone with its job, or no longer pending.
    ///
    /// - Throws: ``JobStoreError/unavailable(_:)``.
    func webhookMessage(of id: JobID) async throws(JobStoreError) -> WebhookMessage?

    /// Keeps what came of an attempt.
    ///
    /// - Returns: False when the webhook is gone or an attempt was kept meanwhile.
    /// - Throws: ``JobStoreError/unavailable(_:)``.
    func saveWebhook(_ attempt: WebhookAttempt, of id: JobID) async throws(JobStoreError) -> Bool

    /// Makes a webhook that has a body due now, as if it had never been sent.
    ///
    /// - Returns: False when there is none.
    /// - Throws: ``JobStoreError/unavailable(_:)``.
    func retryWebhook(of id: JobID, at now: Timestamp) async throws(JobStoreError) -> Bool

    /// Jobs that have ended and whose webhook has no body: the last server was cut off from them.
    ///
    /// - Throws: ``JobStoreError/unavailable(_:)``.
    func webhooksWithoutBody(limit: Int) async throws(JobStoreError) -> [JobID]

    /// Gives such a webhook its body and makes it due.
    ///
    /// - Parameters:
    ///   - body: Nil when nobody can make one: the webhook then fails.
    ///   - id: The job.
    ///   - now: When it is due.
    /// - Returns: False when it is gone or has one.
    /// - Throws: ``JobStoreError/unavailable(_:)``.
    func setWebhookBody(_ body: [UInt8]?, of id: JobID, at now: Timestamp) async throws(JobStoreError) -> Bool
}
