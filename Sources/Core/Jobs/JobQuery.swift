/// Which jobs a list shows.
public struct JobQuery: Sendable, Equatable {
    /// The order of creation, which is the order of the rows.
    public enum Order: String, Sendable, CaseIterable, ParameterValue, JSONConvertible {
        /// Newest first.
        case desc
        /// Oldest first.
        case asc
    }

    /// Only jobs of this lane; nil for all.
    public var lane: String?
    /// Only jobs that this handler accepted; nil for all.
    public var handler: String?
    /// Only jobs in this state; nil for all.
    public var status: JobStatus?
    /// Only jobs of this client; nil for all.
    public var client: String?
    /// Only jobs of this session; nil for all.
    public var session: String?
    /// Only jobs created then or later; nil for all.
    public var since: Timestamp?
    /// Only jobs created before; nil for all.
    public var until: Timestamp?
    /// Only jobs with this text in their code or output; nil for all.
    public var text: JobTextQuery?
    /// How many at most, 1 to 1000.
    public var limit: Int
    /// How many to skip; not together with a cursor.
    public var offset: Int
    /// Newest or oldest first.
    public var order: Order
    /// Where the page before ended; see ``JobPage/nextCursor``.
    public var cursor: JobCursor?

    /// Puts a query together.
    public init(
        lane: String? = nil, handler: String? = nil, status: JobStatus? = nil, client: String? = nil,
        session: String? = nil, since: Timestamp? = nil, until: Timestamp? = nil,
        text: JobTextQuery? = nil, limit: Int = 100, offset: Int = 0, order: Order = .desc,
        cursor: JobCursor? = nil
    ) {
        self.lane = lane
        self.handler = handler
        self.status = status
        self.client = client
        self.session = session
        self.since = since
        self.until = until
        self.text = text
        self.limit = limit
        self.offset = offset
        self.order = order
        self.cursor = cursor
    }

    /// True for a filter whose matches are not counted beyond ``JobPage/countedMatches``.
    package var isCountedOneByOne: Bool { session != nil || since != nil || until != nil || text != nil }

    /// Whether a job passes all filters but ``text``.
    package func matches(_ job: JobSummary) -> Bool {
        (lane.map { $0 == job.lane } ?? true) && (handler.map { $0 == job.handler } ?? true)
            && (status.map { $0 == job.status } ?? true) && (client.map { $0 == job.client } ?? true)
            && (session.map { $0 == job.session } ?? true) && (since.map { $0 <= job.createdAt } ?? true)
            && (until.map { job.createdAt < $0 } ?? true)
    }
}
