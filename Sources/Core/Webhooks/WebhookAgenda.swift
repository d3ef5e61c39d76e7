/// What of the outbox is due.
public struct WebhookAgenda: Sendable, Equatable {
    /// One webhook that is to be sent.
    public struct Item: Sendable, Equatable {
        /// Its job.
        public var id: JobID
        /// `host:port/path`.
        public var receiver: String

        /// Puts one together.
        public init(id: JobID, receiver: String) {
            self.id = id
            self.receiver = receiver
        }
    }

    /// Due, earliest first.
    public var due: [Item]
    /// When the next one is due that is not yet; nil when there is none.
    public var nextAt: Timestamp?

    /// Puts an agenda together.
    public init(due: [Item], nextAt: Timestamp?) {
        self.due = due
        self.nextAt = nextAt
    }
}
