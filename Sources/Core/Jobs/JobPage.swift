/// One page of a list of jobs.
public struct JobPage: Sendable, Equatable {
    /// How many matches are counted when `session`, `since`, `until` or `text` filter: 10,000.
    public static let countedMatches = 10_000
    /// Offsets up to this cost little; beyond it a page has a ``hint``.
    public static let cheapOffset = 100_000

    /// The jobs in the order asked for.
    public var jobs: [JobSummary]
    /// How many jobs match the filter, on all pages; see ``totalIsMinimum``.
    public var total: Int
    /// True when there are at least ``total`` matches and the rest was not counted: only with the filters `session`,
    /// `since`, `until` and `text`, and only beyond ``countedMatches``. All other totals are exact.
    public var totalIsMinimum: Bool
    /// Where the next page begins; nil when this is the last.
    public var nextCursor: JobCursor?
    /// What would have been faster, for the client; nil when nothing would.
    public var hint: String?

    /// Puts a page together.
    public init(
        jobs: [JobSummary], total: Int, totalIsMinimum: Bool = false, nextCursor: JobCursor?,
        hint: String? = nil
    ) {
        self.jobs = jobs
        self.total = total
        self.totalIsMinimum = totalIsMinimum
        self.nextCursor = nextCursor
        self.hint = hint
    }

    /// The hint for a query; nil for one that is as fast as it can be.
    package static func hint(for query: JobQuery) -> String? {
        query.offset > cheapOffset
            ? "An offset beyond \(cheapOffset) steps over each job before it; pass next_cursor as cursor instead"
            : nil
    }
}
