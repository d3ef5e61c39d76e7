import RoostCore

/// The filters of a query, but for its text, as a question about one job.
struct JobFilter {
    private let sql: String
    private let values: [SQLiteValue]

    init(_ query: JobQuery) {
        let conditions: [(String, SQLiteValue?)] = [
            ("lane = ?", query.lane.map { .text($0) }), ("handler = ?", query.handler.map { .text($0) }),
            ("status = ?", (query.status?.rawValue).map { .text($0) }),
            ("client = ?", query.client.map { .text($0) }),
            ("session = ?", query.session.map { .text($0) }),
            ("created_at_ms >= ?", query.since.map { .int($0.milliseconds) }),
            ("created_at_ms < ?", query.until.map { .int($0.milliseconds) }),
        ]
        let given = conditions.filter { $0.1 != nil }
        sql = "SELECT 1 FROM jobs WHERE seq = ?" + given.map { " AND " + $0.0 }.joined()
        values = given.compactMap(\.1)
    }

    /// Whether a job is there and passes.
    func passes(_ sequence: Int64, _ connection: SQLiteConnection) throws(SQLiteError) -> Bool {
        var isFound = false
        try connection.run(sql, [.int(sequence)] + values) { _ in
            isFound = true
            return false
        }
        return isFound
    }
}
