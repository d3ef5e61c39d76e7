import RoostCore

/// How a list finds its jobs: by one index, or by merging a few ranges of one, in the order of the rows.
///
/// What there is (``JobCounts``) tells which index has fewer jobs to look at, and which ranges there are at all. No
/// plan sorts, and none looks at jobs that the chosen index's filter does not pass.
struct JobListPlan {
    /// One range: a condition and its arguments.
    private struct Range {
        var condition: String
        var values: [SQLiteValue]
    }

    private enum Source {
        case all
        case index(String, [Range])
        case nothing
    }

    private let source: Source
    /// Conditions on the jobs that the index finds.
    private var rest: [Range] = []
    private let isDescending: Bool

    /// True when nothing can match.
    var isEmpty: Bool { if case .nothing = source { true } else { false } }

    init(_ query: JobQuery, _ counts: JobCounts) {
        isDescending = query.order == .desc
        if let since = query.since {
            rest.append(Range(condition: "created_at_ms >= ?", values: [.int(since.milliseconds)]))
        }
        if let until = query.until {
            rest.append(Range(condition: "created_at_ms < ?", values: [.int(until.milliseconds)]))
        }
        let handler = query.handler.map { Range(condition: "handler = ?", values: [.text($0)]) }
        let lane = query.lane.map { Range(condition: "lane = ?", values: [.text($0)]) }
        let client = query.client.map { Range(condition: "client = ?", values: [.text($0)]) }

        let matching = counts.matching(query)
        let total = counts.total(query)
        guard total > 0 else {
            source = .nothing
            return
        }
        if let session = query.session {
            let statuses = Set(matching.map(\.status)).sorted()
            source = .index(
                "jobs_by_session",
                statuses.map {
                    Range(condition: "session = ? AND status = ?", values: [.text(session), .text($0)])
                })
            rest += [handler, lane, client].compactMap(\.self)
            return
        }
        if total == counts.all {
            source = .all
            return
        }
        if let name = query.client, counts.ofClient(query.status) <= matching.reduce(0, { $0 + $1.total }) {
            let statuses = Set(matching.filter { $0.ofClient > 0 }.map(\.status)).sorted()
            source = .index(
                "jobs_by_client",
                statuses.map {
                    Range(condition: "client = ? AND status = ?", values: [.text(name), .text($0)])
                })
            rest += [handler, lane].compactMap(\.self)
            return
        }
        let pairs = Set(matching.map { [$0.handler, $0.status] }).sorted { $0.lexicographicallyPrecedes($1) }
        source = .index(
            "jobs_by_handler",
            pairs.map {
                Range(condition: "handler = ? AND status = ?", values: [.text($0[0]), .text($0[1])])
            })
        rest += [client].compactMap(\.self)
        // A handler has one lane, unless it was given another one since.
        if let lane, counts.haveOtherLanes(handlers: Set(matching.map(\.handler)), than: query.lane) {
            rest.append(lane)
        }
    }

    /// The ranges' selects, without order. Each takes the bounds of `seq`, both included, as its last two arguments.
    private func selects(_ columns: String) -> String {
        let rest = rest.map { " AND " + $0.condition }.joined()
        switch source {
        case .nothing: return "SELECT \(columns) FROM jobs WHERE 0\(rest) AND seq BETWEEN ? AND ?"
        case .all: return "SELECT \(columns) FROM jobs WHERE seq BETWEEN ? AND ?\(rest)"
        case .index(let name, let ranges):
            return ranges.map {
                "SELECT \(columns) FROM jobs INDEXED BY \(name) WHERE \($0.condition) AND seq BETWEEN ? AND ?\(rest)"
            }.joined(separator: " UNION ALL ")
        }
    }

    private func values(_ bounds: ClosedRange<Int64>) -> [SQLiteValue] {
        let edge: [SQLiteValue] = [.int(bounds.lowerBound), .int(bounds.upperBound)]
        let rest = rest.flatMap(\.values)
        guard case .index(_, let ranges) = source else { return edge + rest }
        return ranges.flatMap { $0.values + edge + rest }
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
