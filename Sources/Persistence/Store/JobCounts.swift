import RoostCore

/// What `job_totals` says, with one client's share: a few rows, from which totals and plans follow.
struct JobCounts {
    /// The jobs of one lane, state and handler.
    struct Row {
        var lane: String
        var status: String
        var handler: String
        var total: Int64
        /// How many of them are the client's that was asked for.
        var ofClient: Int64
    }

    static let sql = """
        SELECT lane, status, handler, sum(total), sum(total * (client = ?)) FROM job_totals
        GROUP BY lane, status, handler HAVING sum(total) > 0
        """

    var rows: [Row]

    /// Reads them; `client` is whose share is told apart, nil for nobody's.
    init(client: String?, _ connection: SQLiteConnection) throws(SQLiteError) {
        rows = try connection.rows(Self.sql, .text(client ?? "")) { row in
            Row(
                lane: row.text(0), status: row.text(1), handler: row.text(2), total: row.int(3),
                ofClient: row.int(4))
        }
    }

    init(rows: [Row]) { self.rows = rows }

    /// All jobs there are.
    var all: Int64 { rows.reduce(0) { $0 + $1.total } }

    /// The rows of the query's lane, handler and state.
    func matching(_ query: JobQuery) -> [Row] {
        rows.filter { row in
            (query.lane.map { $0 == row.lane } ?? true) && (query.handler.map { $0 == row.handler } ?? true)
                && (query.status.map { $0.rawValue == row.status } ?? true)
        }
    }

    /// The jobs of the query's lane, handler, state and client.
    func total(_ query: JobQuery) -> Int64 {
        matching(query).reduce(0) { $0 + (query.client == nil ? $1.total : $1.ofClient) }
    }

    /// Whether one of the handlers has jobs in another lane.
    func haveOtherLanes(handlers: Set<String>, than lane: String?) -> Bool {
        rows.contains { handlers.contains($0.handler) && $0.lane != lane }
    }
}
