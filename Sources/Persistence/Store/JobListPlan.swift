import RoostCore

/// How a list finds its jobs: by one index, or by merging a few ranges, in the order of the rows.
///
/// What there is (``JobCounts``) tells which ranges there are at all. No plan sorts. Only filters by time, and by client
/// within a session, are looked up in the jobs themselves.
struct JobListPlan {
    /// A condition and its arguments.
    private struct Condition {
        var sql: String
        var values: [SQLiteValue]

        init(_ sql: String, _ values: SQLiteValue...) {
            self.sql = sql
            self.values = values
        }
    }

    /// One range of an index.
    private struct Range {
        var index: String
        var condition: Condition
    }

    private enum Source {
        case all
        case ranges([Range])
        case nothing
    }

    private let source: Source
    /// Conditions on the jobs that the index finds.
    private var rest: [Condition] = []
    private let isDescending: Bool

    /// True when nothing can match.
    var isEmpty: Bool { if case .nothing = source { true } else { false } }

    init(_ query: JobQuery, _ counts: JobCounts) {
        isDescending = query.order == .desc
        if let since = query.since { rest.append(Condition("created_at_ms >= ?", .int(since.milliseconds))) }
        if let until = query.until { rest.append(Condition("created_at_ms < ?", .int(until.milliseconds))) }
        let matching = counts.matching(query)
        let total = counts.total(query)
        guard total > 0 else {
            source = .nothing
            return
        }
        let client = query.client.map { Condition("client = ?", .text($0)) }
        if query.session == nil, total == counts.all {
            source = .all
        } else if query.session == nil, !rest.isEmpty, total > counts.all / Self.usualShare {
            // A look at each job of the time is cheaper than one index entry and a look at its job for each match.
            source = .all
            let handler = query.handler.map { Condition("handler = ?", .text($0)) }
            let status = query.status.map { Condition("status = ?", .text($0.rawValue)) }
            let lane = query.lane.map { Condition("lane = ?", .text($0)) }
            rest += [handler, status, lane, client].compactMap(\.self)
        } else {
            let first: (index: String, condition: Condition)? =
                if let session = query.session {
                    ("jobs_by_session", Condition("session = ?", .text(session)))
                } else if let client {
                    ("jobs_by_client", client)
                } else { nil }
            source = .ranges(Self.ranges(matching.filter { query.client == nil || $0.ofClient > 0 }, first))
            if query.session != nil { rest += [client].compactMap(\.self) }
            // A handler has one lane, unless it was given another one since.
            if let lane = query.lane,
                counts.haveOtherLanes(handlers: Set(matching.map(\.handler)), than: lane)
            {
                rest.append(Condition("lane = ?", .text(lane)))
            }
        }
    }

    /// Filters that leave more than one job in so many are for most of the jobs.
    private static let usualShare: Int64 = 8

    /// One range for each handler and state that there are jobs of, with the same condition on another column before them.
    private static func ranges(_ rows: [JobCounts.Row], _ first: (index: String, condition: Condition)?)
        -> [Range]
    {
        let pairs = Set(rows.map { [$0.handler, $0.status] }).sorted { $0.lexicographicallyPrecedes($1) }
        return pairs.map { pair in
            var condition = Condition("handler = ? AND status = ?", .text(pair[0]), .text(pair[1]))
            if let first {
                condition.sql = first.condition.sql + " AND " + condition.sql
                condition.values = first.condition.values + condition.values
            }
            let isFinished = JobStatus(rawValue: pair[1])?.isFinished ?? true
            return Range(
                index: isFinished ? first?.index ?? "jobs_by_handler" : "jobs_unfinished",
                condition: condition)
        }
    }

    /// The ranges' selects, without order.
    private func selects(_ columns: String) -> String {
        let rest = rest.map { " AND " + $0.sql }.joined()
        switch source {
        case .nothing: return "SELECT \(columns) FROM jobs WHERE 0 AND seq BETWEEN ? AND ?\(rest)"
        case .all: return "SELECT \(columns) FROM jobs WHERE seq BETWEEN ? AND ?\(rest)"
        case .ranges(let ranges):
            return ranges.map { range in
                // What the index is limited to has to be said, for SQLite to use it.
                let isIn = range.index == "jobs_unfinished" ? "IS NULL" : "IS NOT NULL"
                return """
                    SELECT \(columns) FROM jobs INDEXED BY \(range.index)
                    WHERE completed_at_ms \(isIn) AND \(range.condition.sql) AND seq BETWEEN ? AND ?\(rest)
                    """
            }.joined(separator: " UNION ALL ")
        }
    }

    private func values(_ bounds: ClosedRange<Int64>) -> [SQLiteValue] {
        let edge: [SQLiteValue] = [.int(bounds.lowerBound), .int(bounds.upperBound)]
        let rest = rest.flatMap(\.values)
        guard case .ranges(let ranges) = source else { return edge + rest }
        return ranges.flatMap { $0.condition.values + edge + rest }
    }

    /// The sequence numbers, in order; the last two arguments are limit and offset.
    var sequencesSQL: String {
        selects("seq") + " ORDER BY seq \(isDescending ? "DESC" : "ASC") LIMIT ? OFFSET ?"
    }

    func sequencesValues(_ bounds: ClosedRange<Int64>, limit: Int, offset: Int) -> [SQLiteValue] {
        values(bounds) + [.int(limit), .int(offset)]
    }

    /// How many there are, up to a limit, which is the last argument.
    var countSQL: String { "SELECT count(*) FROM (" + selects("1") + " LIMIT ?)" }

    func countValues(_ bounds: ClosedRange<Int64>, limit: Int) -> [SQLiteValue] {
        values(bounds) + [.int(limit)]
    }
}
