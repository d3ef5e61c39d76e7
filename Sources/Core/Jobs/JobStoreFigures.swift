/// How a store does, for those who operate it.
public struct JobStoreFigures: Sendable, Equatable {
    /// Bytes of the database without its log; 0 in memory.
    public var databaseBytes: Int64 = 0
    /// Bytes of the write-ahead log; 0 in memory.
    public var logBytes: Int64 = 0
    /// Transactions committed since the store was opened.
    public var commits = 0
    /// Changes that were committed with them.
    public var committedChanges = 0
    /// How many of the transactions had at most so many changes, for each bound of ``commitSizeBounds``; a last one counts
    /// those that had more. Not cumulative.
    public var commitSizes: [Int] = []
    /// Webhooks by state; without those states that none is in.
    public var webhooks: [WebhookState: Int] = [:]
    /// Ends of jobs that could not be written yet.
    public var unsavedEnds = 0
    /// About how many jobs are not in the search index yet, those that have not ended among them. Nil without an index.
    public var unindexedJobs: Int?

    /// The bounds of ``commitSizes``.
    public static let commitSizeBounds = [1, 2, 4, 8, 16, 32, 64, 128, 256]

    /// All 0.
    public init() {}
}
