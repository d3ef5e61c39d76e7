import RoostCore

/// The questions whose answers are counts.
enum StatisticsReads {
    static let counts = """
        SELECT handler, status, sum(total) FROM job_totals GROUP BY handler, status HAVING sum(total) > 0
        """
    static let accepted = """
        SELECT minute >= ?, handler, sum(accepted) FROM job_minutes WHERE minute BETWEEN ? AND ? GROUP BY 1, 2
        """
    static let ended = """
        SELECT minute >= ?, handler, status, duration_class, sum(total) FROM job_ends
        WHERE minute BETWEEN ? AND ? GROUP BY 1, 2, 3, 4
        """

    static func statistics(now: Timestamp, _ connection: SQLiteConnection) throws(SQLiteError)
        -> JobStatistics
    {
        let hour = JobActivityWindow.firstMinute(of: 60, now: now)
        let day = JobActivityWindow.firstMinute(of: 1440, now: now)
        let range: [SQLiteValue] = [.int(hour), .int(day), .int(JobActivityWindow.minute(now))]
        return try connection.snapshot { () throws(SQLiteError) in
            let counts = try connection.rows(Self.counts) { row throws(SQLiteError) in
                JobStatistics.Count(
                    handler: row.text(0), status: try JobReads.status(row.text(1)), count: Int(row.int(2)))
            }
            // What happened within the hour, and earlier in the day.
            var within: [String: JobActivity] = [:]
            var all: [String: JobActivity] = [:]
            func add(_ activity: JobActivity, _ handler: String, isWithin: Bool) {
                all[handler, default: JobActivity()].add(activity)
                if isWithin { within[handler, default: JobActivity()].add(activity) }
            }
            try connection.run(accepted, range) { row throws(SQLiteError) in
                var activity = JobActivity()
                activity.accepted = Int(row.int(2))
                if activity.accepted > 0 { add(activity, row.text(1), isWithin: row.int(0) != 0) }
                return true
            }
            try connection.run(ended, range) { row throws(SQLiteError) in
                var activity = JobActivity()
                let index = Int(row.int(3))
                activity.addEnd(
                    try JobReads.status(row.text(2)), durationClass: index < 0 ? nil : index,
                    count: Int(row.int(4)))
                add(activity, row.text(1), isWithin: row.int(0) != 0)
                return true
            }
            return JobStatistics(
                counts: JobStatistics.ordered(counts),
                lastHour: JobActivityWindow(firstMinute: hour, now: now, handlers: within),
                lastDay: JobActivityWindow(firstMinute: day, now: now, handlers: all))
        }
    }

    /// What of the figures is in the database.
    static func figures(_ connection: SQLiteConnection) throws(SQLiteError) -> JobStoreFigures {
        var figures = JobStoreFigures()
        let pages = try connection.first("PRAGMA page_count") { $0.int(0) } ?? 0
        figures.databaseBytes = pages * (try connection.first("PRAGMA page_size") { $0.int(0) } ?? 0)
        try connection.run("SELECT state, total FROM webhook_totals WHERE total > 0", []) { row in
            if let state = WebhookState(rawValue: row.text(0)) { figures.webhooks[state] = Int(row.int(1)) }
            return true
        }
        if connection.hasTextIndex {
            let left = try connection.first(
                """
                SELECT max(0, coalesce((SELECT max(seq) FROM jobs), 0) - indexed_to)
                    + (SELECT count(*) FROM job_search_skipped) FROM job_search
                """
            ) { $0.int(0) }
            figures.unindexedJobs = left.map { Int($0) }
        }
        return figures
    }
}
