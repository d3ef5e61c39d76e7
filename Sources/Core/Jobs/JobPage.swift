/// One page of a list of jobs.
public struct JobPage: Sendable, Equatable {
    /// The jobs in the order asked for.
    public var jobs: [JobSummary]
    /// How many jobs match the filter, on all pages.
    public var total: Int
    /// Where the next page begins; nil when this is the last.
    public var nextCursor: JobCursor?

    /// Puts a page together.
    public init(jobs: [JobSummary], total: Int, nextCursor: JobCursor?) {
        self.jobs = jobs
        self.total = total
        self.nextCursor = nextCursor
    }
}
