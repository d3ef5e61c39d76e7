import RoostCore

/// Lists that are filtered by text.
enum SearchReads {
    /// What one search looks at job by job, at most; where it stops, the next page goes on.
    struct Budget {
        var jobs = 5000
        var bytes = 32 << 20
    }

    static let contents = """
        SELECT jobs.completed_at_ms IS NOT NULL, substr(CAST(input AS BLOB), 1, \(JobText.searchedBytes)),
            substr(stdout, 1, \(JobText.searchedBytes)), substr(stderr, 1, \(JobText.searchedBytes)), result, failure
        FROM jobs JOIN job_contents ON job_contents.seq = jobs.seq WHERE jobs.seq = ?
        """

    /// The texts of a job as ``JobText`` writes them: its code, and once it has ended its output. Nil when it is gone.
    static func texts(_ sequence: Int64, _ connection: SQLiteConnection) throws(SQLiteError) -> [[UInt8]]? {
        let found = try connection.first(contents, .int(sequence)) {
            row throws(SQLiteError) -> (
                isFinished: Bool, input: [UInt8], output: JobOutput, failure: JobFailure?
            ) in
            let output = JobOutput(
                stdout: row.bytes(2), stderr: row.bytes(3),
                result: row.isNull(4) ? nil : JSONText(trusted: row.bytes(4)))
            let failure = row.isNull(5) ? nil : try JobRecordJSON.failure(row.bytes(5))
            return (row.int(0) != 0, row.bytes(1), output, failure)
        }
        guard let found else { return nil }
        let code = JobText.code(found.input)
        guard found.isFinished else { return [code] }
        var output = found.output
        // Left of a job that the server was cut off from.
        _ = try connection.rows(JobReads.partsOfJob, .int(sequence)) { row in
            guard output.stdout.count + output.stderr.count < JobText.searchedBytes else { return }
            output.stdout += row.bytes(1)
            output.stderr += row.bytes(2)
        }
        return [code, JobText.output(output, found.failure)]
    }

    /// Looks at jobs one by one, in the order of the plan, until enough match, the budget is used up, or none is left.
    ///
    /// - Returns: The matches, and where it stopped; nil when it looked at all.
    static func scan(
        _ text: JobTextQuery, _ plan: JobListPlan, _ bounds: ClosedRange<Int64>, atMost limit: Int,
        _ budget: Budget,
        _ connection: SQLiteConnection
    ) throws(SQLiteError) -> (matches: [Int64], stoppedAt: Int64?) {
        var matches: [Int64] = []
        var (jobs, bytes) = (0, 0)
        var stoppedAt: Int64?
        try connection.run(plan.sequencesSQL, plan.sequencesValues(bounds, limit: -1, offset: 0)) {
            row throws(SQLiteError) in
            let sequence = row.int(0)
            guard let texts = try texts(sequence, connection) else { return true }
            jobs += 1
            bytes += texts.reduce(0) { $0 + $1.count }
            if text.matches(texts) { matches.append(sequence) }
            guard matches.count < limit, jobs < budget.jobs, bytes < budget.bytes else {
                stoppedAt = sequence
                return false
            }
            return true
        }
        return (matches, stoppedAt)
    }

    /// One page of the jobs with a text. Within the reader's snapshot.
    static func list(
        _ text: JobTextQuery, _ query: JobQuery, _ plan: JobListPlan, _ page: inout JobPage,
        _ connection: SQLiteConnection
    ) throws(SQLiteError) -> [Int64] {
        var unpaged = query
        unpaged.cursor = nil
        guard let all = try JobReads.bounds(unpaged, connection) else { return [] }
        let counted = try scan(text, plan, all, atMost: JobPage.countedMatches + 1, Budget(), connection)
        page.total = min(counted.matches.count, JobPage.countedMatches)
        page.totalIsMinimum = counted.stoppedAt != nil
        var found = counted
        if query.cursor != nil {
            guard let bounds = try JobReads.bounds(query, connection) else { return [] }
            found = try scan(text, plan, bounds, atMost: query.limit + 1, Budget(), connection)
        }
        let rest = found.matches.dropFirst(max(0, query.offset))
        let sequences = Array(rest.prefix(query.limit))
        if rest.count > query.limit {
            page.nextCursor = sequences.last.map(JobCursor.init(sequence:))
        } else if let stopped = found.stoppedAt {
            page.nextCursor = JobCursor(sequence: stopped)
            page.hint = "Only some of the jobs were looked at; next_cursor goes on with the rest"
        }
        return sequences
    }
}
