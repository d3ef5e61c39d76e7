/// One webhook as it is sent.
public struct WebhookMessage: Sendable, Equatable {
    /// The job whose end it tells.
    public var id: JobID
    /// Where to.
    public var url: String
    /// The same bytes in every attempt.
    public var body: [UInt8]
    /// How often it was sent so far.
    public var attempts: Int
    /// How often it was sent since it was last asked for.
    public var round: Int
    /// When it was first sent since it was last asked for; nil before.
    public var roundStartedAt: Timestamp?

    /// Puts a message together.
    public init(
        id: JobID, url: String, body: [UInt8], attempts: Int = 0, round: Int = 0,
        roundStartedAt: Timestamp? = nil
    ) {
        self.id = id
        self.url = url
        self.body = body
        self.attempts = attempts
        self.round = round
        self.roundStartedAt = roundStartedAt
    }
}
