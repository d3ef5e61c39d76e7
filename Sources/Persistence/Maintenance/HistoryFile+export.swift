public import RoostCore

extension HistoryFile {
    /// Writes finished jobs as lines of JSON, oldest first: everything in the record but webhooks and idempotency keys.
    ///
    /// Works beside a server; a job that ends or goes meanwhile may be in it or not. Keeps one job in memory at a time.
    ///
    /// - Parameters:
    ///   - since: Only jobs created then or later.
    ///   - until: Only jobs created before.
    ///   - report: Called after each few hundred jobs.
    ///   - write: Takes one line with its newline.
    /// - Returns: How many lines were written.
    /// - Throws: ``HistoryError``, or what `report` or `write` threw.
    @discardableResult
    public func export(
        since: Timestamp? = nil, until: Timestamp? = nil, report: Report = { _ in },
        write: ([UInt8]) throws -> Void
    ) throws -> Int {
        try reading { connection in
            var query = JobQuery(since: since, until: until, order: .asc)
            let total = since == nil && until == nil ? try Self.finished(connection) : nil
            var written = 0
            try report(HistoryProgress(unit: "jobs", done: 0, total: total))
            // Each page is a read of its own, so that the server's log does not grow meanwhile.
            while let bounds = try JobReads.bounds(query, connection) {
                let page = try connection.rows(
                    Self.page, .int(bounds.lowerBound), .int(bounds.upperBound),
                    .int(since?.milliseconds ?? .min), .int(until?.milliseconds ?? .max)
                ) { row in (sequence: row.int(0), id: row.bytes(1)) }
                guard let last = page.last else { break }
                for entry in page {
                    guard let id = JobID(blob: entry.id), let job = try JobReads.job(id, connection),
                        job.status.isFinished
                    else { continue }
                    try write(JobLine.write(job))
                    written += 1
                }
                query.cursor = JobCursor(sequence: last.sequence)
                try report(HistoryProgress(unit: "jobs", done: written, total: total))
            }
            return written
        }
    }

    static let page = """
        SELECT seq, id FROM jobs WHERE seq BETWEEN ? AND ? AND created_at_ms >= ? AND created_at_ms < ?
            AND completed_at_ms IS NOT NULL
        ORDER BY seq LIMIT 500
        """

    static func finished(_ connection: SQLiteConnection) throws(SQLiteError) -> Int {
        Int(
            try connection.first(
                "SELECT sum(total) FROM job_totals WHERE status IN ('completed', 'failed', 'cancelled')"
            ) { $0.int(0) } ?? 0)
    }
}
