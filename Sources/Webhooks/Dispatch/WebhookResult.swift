/// What came of one attempt.
package enum WebhookResult: Sendable, Equatable {
    /// The receiver answered.
    case answered(status: Int, retryAfter: String?)
    /// It did not; the cause is for people.
    case failed(String)
    /// Its name points to an address that webhooks may not be sent to.
    case refused(String)
}
