/// What came of one attempt to send a webhook, as it is kept.
public struct WebhookAttempt: Sendable, Equatable {
    /// How often the webhook had been sent before; the record is changed only if that still holds.
    public var previousAttempts: Int
    /// When it was sent.
    public var at: Timestamp
    /// When its answer came, or when it was given up.
    public var endedAt: Timestamp
    /// The state it is in now.
    public var state: WebhookState
    /// The status of the answer; nil when there was none.
    public var status: Int?
    /// Why it failed.
    public var error: String?
    /// When it is sent again; nil unless it is pending.
    public var nextAttemptAt: Timestamp?

    /// Puts one together.
    public init(
        previousAttempts: Int, at: Timestamp, endedAt: Timestamp, state: WebhookState, status: Int?,
        error: String?,
        nextAttemptAt: Timestamp?
    ) {
        self.previousAttempts = previousAttempts
        self.at = at
        self.endedAt = endedAt
        self.state = state
        self.status = status
        self.error = error
        self.nextAttemptAt = nextAttemptAt
    }
}
