internal import RoostCore

/// The filters of `roost jobs`, and the pages they lead to.
struct JobSearch {
    static let status = Option<StatusName>(
        "status", "STATUS", "only jobs that are pending, running, completed, failed or cancelled")
    static let handler = Option<String>("handler", "NAME", "only jobs of this handler")
    static let client = Option<String>(
        "client", "NAME", "only jobs of the client with this key name or address")
    static let session = Option<String>("session", "NAME", "only jobs of this session")
    static let since = Option<TimeBound>(
        "since", "TIME", "only jobs made since: 2h, 7d, 2026-11-29, 2026-11-29T14:30")
    static let until = Option<TimeBound>("until", "TIME", "only jobs made before")
    static let text = Option<String>(
        "q", "TEXT", "only jobs with all these words in their code or output; a phrase within quotation marks"
    )
    static let limit = Option<Int>(
        "limit", "N", "how many at most", default: "20, with --watch what fits", in: 1...1_000_000)

    static let section = OptionSection(
        "Which jobs", [status, handler, client, session, since, until, text, limit], readsEnvironment: false)

    /// The names of the states.
    enum StatusName: String, CaseIterable, OptionValue {
        case pending
        case running
        case completed
        case failed
        case cancelled
    }

    /// How many jobs match.
    struct Total: CustomStringConvertible {
        var count = 0
        /// There are this many at least: counting them all would take too long.
        var isMinimum = false

        var description: String { (isMinimum ? "more than " : "") + HumanTime.grouped(count) }
    }

    /// More than this the server does not give at once.
    private static let largestPage = 1000

    private let values: ParsedOptions
    private let now: Timestamp

    init(_ values: ParsedOptions, now: Timestamp) {
        self.values = values
        self.now = now
    }

    /// Gives the jobs page by page, newest first.
    ///
    /// - Parameters:
    ///   - client: Asks for them.
    ///   - count: How many at most.
    ///   - take: Gets each page, and how many there are in all; false ends it.
    /// - Throws: ``ClientError``.
    func pages(_ client: RoostClient, count: Int, take: ([JSON], Total) -> Bool) throws {
        var left = count
        var cursor: String?
        repeat {
            var query = filters + [("limit", "\(min(left, Self.largestPage))")]
            if let cursor { query.append(("cursor", cursor)) }
            let page = try client.get(JobRoutes.list, query)
            let jobs = page["jobs"]?.array ?? []
            left -= jobs.count
            // A search gives what it found so far, which may be nothing, and a cursor to go on with.
            cursor = page["next_cursor"]?.string
            let total = Total(
                count: page["total"]?.int ?? jobs.count, isMinimum: page["total_is_minimum"]?.bool ?? false)
            guard take(jobs, total) else { return }
        } while left > 0 && cursor != nil
    }

    private var filters: [(String, String)] {
        var query: [(String, String)] = []
        func add(_ name: String, _ text: String?) { if let text { query.append((name, text)) } }
        add("status", values[Self.status]?.rawValue)
        add("handler", values[Self.handler])
        add("client", values[Self.client])
        add("session", values[Self.session])
        add("since", values[Self.since]?.moment(now: now).description)
        add("until", values[Self.until]?.moment(now: now).description)
        add("q", values[Self.text])
        return query
    }
}
