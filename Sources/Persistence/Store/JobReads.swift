import RoostCore

/// The questions asked of the history. Each is asked of one reader and sees one state of the database.
enum JobReads {
    private static let columns = """
        jobs.seq, jobs.id, jobs.handler, jobs.lane, jobs.status, jobs.created_at_ms, jobs.started_at_ms,
        jobs.completed_at_ms, jobs.duration_ms, jobs.timeout_ms, jobs.session, jobs.client
        """

    static let jobByID = """
        SELECT \(columns), job_contents.flags, job_contents.input, job_contents.stdout, job_contents.stderr,
            job_contents.logs, job_contents.result, job_contents.failure, job_contents.progress
        FROM jobs JOIN job_contents ON job_contents.seq = jobs.seq WHERE jobs.id = ?
        """

    static let partsOfJob = "SELECT flags, stdout, stderr, logs FROM job_parts WHERE seq = ? ORDER BY part"

    /// One job with all it has, or nil.
    static func job(_ id: JobID, _ connection: SQLiteConnection) throws(SQLiteError) -> Job? {
        try connection.snapshot { () throws(SQLiteError) in try wholeJob(id, connection) }
    }

    /// The same within a transaction.
    static func wholeJob(_ id: JobID, _ connection: SQLiteConnection) throws(SQLiteError) -> Job? {
        let found = try connection.first(jobByID, id.blob) { row throws(SQLiteError) -> (Int64, Job) in
            var output = JobOutput(
                stdout: row.bytes(14), stderr: row.bytes(15), logs: try JobRecordJSON.logs(row.bytes(16)),
                result: row.isNull(17) ? nil : JSONText(trusted: row.bytes(17)))
            output.mark(row.int(12))
            let failure = row.isNull(18) ? nil : try JobRecordJSON.failure(row.bytes(18))
            let progress = row.isNull(19) ? nil : try JobRecordJSON.progress(row.bytes(19))
            let job = Job(
                summary: try summary(row), input: row.text(13), output: output, failure: failure,
                progress: progress)
            return (row.int(0), job)
        }
        guard case (let sequence, var job)? = found else { return nil }
        // There are parts while the job runs, and when the server died before its end.
        _ = try connection.rows(partsOfJob, .int(sequence)) { row throws(SQLiteError) in
            job.output.mark(row.int(0))
            job.output.stdout += row.bytes(1)
            job.output.stderr += row.bytes(2)
            job.output.logs += try JobRecordJSON.logs(row.bytes(3))
        }
        job.webhook = try WebhookReads.webhook(sequence, connection)
        return job
    }

    static let summaryBySequence = "SELECT \(columns) FROM jobs WHERE seq = ?"

    /// The sequence numbers between which jobs of some time lie, whatever else lies there; see ``StatisticsSchema``.
    static let firstSince = "SELECT min(first_seq) FROM job_minutes WHERE minute >= ?"
    static let lastUntil = "SELECT max(last_seq) FROM job_minutes WHERE minute <= ?"

    /// The rows that a query's cursor and times leave; nil for none.
    static func bounds(_ query: JobQuery, _ connection: SQLiteConnection) throws(SQLiteError) -> ClosedRange<
        Int64
    >? {
        var (low, high) = (Int64.min, Int64.max)
        if let edge = query.cursor?.sequence {
            if query.order == .desc { high = max(.min + 1, edge) - 1 } else { low = min(.max - 1, edge) + 1 }
        }
        if let since = query.since {
            let first = try connection.first(firstSince, .int(JobActivityWindow.minute(since))) {
                $0.int(ifPresent: 0)
            }
            guard let first = first.flatMap(\.self) else { return nil }
            low = max(low, first)
        }
        if let until = query.until {
            let last = try connection.first(lastUntil, .int(JobActivityWindow.minute(until))) {
                $0.int(ifPresent: 0)
            }
            guard let last = last.flatMap(\.self) else { return nil }
            high = min(high, last)
        }
        return low <= high ? low...high : nil
    }

    /// One page and the total, of the same moment.
    static func list(
        _ query: JobQuery, _ budget: SearchBudget = SearchBudget(), _ connection: SQLiteConnection
    ) throws(SQLiteError) -> JobPage {
        let limit = min(max(1, query.limit), 1000)
        return try connection.snapshot { () throws(SQLiteError) in
            let counts = try JobCounts(client: query.client, connection)
            let plan = JobListPlan(query, counts)
            var page = JobPage(jobs: [], total: 0, nextCursor: nil, hint: JobPage.hint(for: query))
            if !query.isCountedOneByOne { page.total = Int(counts.total(query)) }
            guard !plan.isEmpty, let bounds = try bounds(query, connection) else { return page }
            if let text = query.text {
                let search = SearchReads(text, query, plan, budget, connection)
                let sequences = try search.list(limit: limit, &page)
                page.jobs = try summaries(sequences, connection)
                return page
            }
            if query.isCountedOneByOne {
                var unpaged = query
                unpaged.cursor = nil
                let all = query.cursor == nil ? bounds : try Self.bounds(unpaged, connection) ?? bounds
                let most = JobPage.countedMatches + 1
                try connection.run(plan.countSQL, plan.countValues(all, limit: most)) {
                    row throws(SQLiteError) in
                    page.total = min(Int(row.int(0)), JobPage.countedMatches)
                    page.totalIsMinimum = row.int(0) == most
                    return true
                }
            }
            var sequences: [Int64] = []
            // One more than asked for tells whether there is a next page.
            let values = plan.sequencesValues(bounds, limit: limit + 1, offset: max(0, query.offset))
            try connection.run(plan.sequencesSQL, values) { row throws(SQLiteError) in
                sequences.append(row.int(0))
                return true
            }
            if sequences.count > limit {
                sequences.removeLast()
                page.nextCursor = sequences.last.map(JobCursor.init(sequence:))
            }
            page.jobs = try summaries(sequences, connection)
            return page
        }
    }

    /// The jobs of these rows, in this order.
    private static func summaries(_ sequences: [Int64], _ connection: SQLiteConnection) throws(SQLiteError)
        -> [JobSummary]
    {
        var jobs: [JobSummary] = []
        jobs.reserveCapacity(sequences.count)
        for sequence in sequences {
            try connection.run(summaryBySequence, [.int(sequence)]) { row throws(SQLiteError) in
                jobs.append(try summary(row))
                return false
            }
        }
        return jobs
    }

    private static func summary(_ row: borrowing SQLiteRow) throws(SQLiteError) -> JobSummary {
        guard let id = JobID(blob: row.bytes(1)) else { throw .damaged("a job id is not 16 bytes") }
        return JobSummary(
            id: id, handler: row.text(2), lane: row.text(3), status: try status(row.text(4)),
            createdAt: Timestamp(milliseconds: row.int(5)),
            startedAt: row.int(ifPresent: 6).map(Timestamp.init(milliseconds:)),
            completedAt: row.int(ifPresent: 7).map(Timestamp.init(milliseconds:)),
            durationMilliseconds: row.int(ifPresent: 8).map { Int($0) }, timeoutMilliseconds: Int(row.int(9)),
            session: row.text(ifPresent: 10), client: row.text(ifPresent: 11))
    }

    static func status(_ text: String) throws(SQLiteError) -> JobStatus {
        guard let status = JobStatus(rawValue: text) else { throw .damaged("a job has an unknown status") }
        return status
    }
}
