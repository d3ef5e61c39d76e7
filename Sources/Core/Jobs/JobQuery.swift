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
    /// Only jobs in this state; nil for all.
    public var status: JobStatus?
    /// Only jobs of this client; nil for all.
    public var client: String?
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
        lane: String? = nil, status: JobStatus? = nil, client: String? = nil, limit: Int = 100,
        offset: Int = 0,
        order: Order = .desc,
        cursor: JobCursor? = nil
    ) {
        self.lane = lane
        self.status = status
        self.client = client
        self.limit = limit
        self.offset = offset
        self.order = order
        self.cursor = cursor
    }
}
