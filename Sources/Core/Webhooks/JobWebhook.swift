/// The webhook of a job: where its end is posted to, and what came of that.
public struct JobWebhook: Sendable, Equatable {
    /// An absolute `http` or `https` URL, checked by a ``WebhookGate``.
    public var url: String
    /// `host:port/path`, the host lower-case and without the query: deliveries to one receiver take turns.
    public var receiver: String
    /// What its handler needs, beside the job, to make the body; see ``WebhookBodies``.
    public var note: String
    /// How far it is.
    public var state: WebhookState
    /// How often it was sent.
    public var attempts: Int
    /// The status of the last answer; nil when there was none.
    public var lastStatus: Int?
    /// Why the last attempt failed; nil when it did not.
    public var lastError: String?
    /// When it was last sent.
    public var lastAttemptAt: Timestamp?
    /// When it is sent next; nil when it is not.
    public var nextAttemptAt: Timestamp?
    /// When a receiver took it.
    public var deliveredAt: Timestamp?

    /// A webhook of a job that has not ended.
    public init(url: String, receiver: String, note: String) {
        self.url = url
        self.receiver = receiver
        self.note = note
        state = .waiting
        attempts = 0
    }
}
