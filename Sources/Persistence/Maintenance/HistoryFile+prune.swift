public import RoostCore

extension HistoryFile {
    /// Removes finished jobs beyond a rule, oldest by creation first. Needs the file for itself.
    ///
    /// The file does not shrink: what becomes free is used for new jobs.
    ///
    /// - Parameters:
    ///   - retention: The rule.
    ///   - now: From when ages count.
    ///   - report: Called after each few hundred jobs, without a total.
    /// - Returns: How many went.
    /// - Throws: ``HistoryError``, or what `report` threw; what went before is gone.
    @discardableResult
    public func prune(_ retention: JobRetention, now: Timestamp, report: Report = { _ in }) throws -> Int {
        try changing(creates: false) { connection in
            var removed = 0
            while true {
                let batch = try connection.transaction { try JobSweep.batch(retention, now: now, connection) }
                removed += batch.removed
                try report(HistoryProgress(unit: "jobs", done: removed, total: nil))
                guard batch.hasMore else { return removed }
            }
        }
    }
}
