/// The small columns of a job: what a list shows.
public struct JobSummary: Sendable, Equatable {
    /// Its id.
    public var id: JobID
    /// The name of the handler that accepted it.
    public var handler: String
    /// The lane it runs in; see ``JobLane``.
    public var lane: String
    /// Its state.
    public var status: JobStatus
    /// When it was accepted.
    public var createdAt: Timestamp
    /// When it began to run; nil when it never did.
    public var startedAt: Timestamp?
    /// When it ended; nil before.
    public var completedAt: Timestamp?
    /// How long it ran, by a monotonic clock; nil before its end, 0 when it never ran.
    public var durationMilliseconds: Int?
    /// How long it may run.
    public var timeoutMilliseconds: Int
    /// The session it runs in, if any.
    public var session: String?
    /// The client that sent it: the name of its key, or else its address.
    public var client: String?

    /// Puts a summary together.
    public init(
        id: JobID, handler: String, lane: String, status: JobStatus = .pending, createdAt: Timestamp,
        startedAt: Timestamp? = nil, completedAt: Timestamp? = nil, durationMilliseconds: Int? = nil,
        timeoutMilliseconds: Int, session: String? = nil, client: String? = nil
    ) {
        self.id = id
        self.handler = handler
        self.lane = lane
        self.status = status
        self.createdAt = createdAt
        self.startedAt = startedAt
        self.completedAt = completedAt
        self.durationMilliseconds = durationMilliseconds
        self.timeoutMilliseconds = timeoutMilliseconds
        self.session = session
        self.client = client
    }
}
