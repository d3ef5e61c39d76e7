/// What a handler asks the queue to run.
public struct JobRequest: Sendable {
    /// The id the client chose; nil for a new one.
    public var id: JobID?
    /// What was submitted, for the record: source code, or any text that tells a reader what was asked.
    public var input: String
    /// How long it may run from its start, in milliseconds. Then it is stopped and fails with `TIMEOUT`.
    public var timeoutMilliseconds: Int
    /// The session it belongs to: jobs of one lane and session run one after the other in the order of their arrival.
    public var session: String?
    /// Whose turn it takes: clients of one lane are served in turn. Kept in the record. Nil stands for the client of
    /// the request by whose ``HandlerContext/jobs`` it is submitted.
    public var client: String?
    /// When the job counts as started: on its turn, or only when the work calls ``JobContext/start()``, for work that has to get something ready first which must not count against its timeout.
    public var startsItself: Bool
    /// Whether its work writes it when its turn is at once: with its start, by ``JobContext/start()``, or before it waits
    /// for anything, by ``JobContext/queue()``. One write less; only together with ``startsItself``.
    public var isWrittenByWork: Bool
    /// Where its end is posted to; nil for nowhere.
    public var webhook: WebhookRequest?

    /// Puts a request together.
    public init(
        id: JobID? = nil, input: String, timeoutMilliseconds: Int, session: String? = nil,
        client: String? = nil,
        startsItself: Bool = false, isWrittenByWork: Bool = false, webhook: WebhookRequest? = nil
    ) {
        self.id = id
        self.input = input
        self.timeoutMilliseconds = timeoutMilliseconds
        self.session = session
        self.client = client
        self.startsItself = startsItself
        self.isWrittenByWork = isWrittenByWork
        self.webhook = webhook
    }
}
