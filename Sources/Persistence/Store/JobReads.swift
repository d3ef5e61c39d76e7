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
        try connection.snapshot { () throws(SQLiteError) in
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
    }

    /// The statement of a list. Without a cursor it starts beyond either end.
    static func listSQL(_ query: JobQuery) -> String {
        var conditions: [String] = []
        if query.lane != nil { conditions.append("lane = ?") }
        if query.status != nil { conditions.append("status = ?") }
        if query.client != nil { conditions.append("client = ?") }
        conditions.append(query.order == .desc ? "seq < ?" : "seq > ?")
        return """
            SELECT \(columns) FROM jobs WHERE \(conditions.joined(separator: " AND "))
            ORDER BY seq \(query.order == .desc ? "DESC" : "ASC") LIMIT ? OFFSET ?
            """
    }

    static func totalSQL(_ query: JobQuery) -> String {
        var conditions: [String] = []
        if query.lane != nil { conditions.append("lane = ?") }
        if query.status != nil { conditions.append("status = ?") }
        if query.client != nil { conditions.append("client = ?") }
        let filter = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
        return "SELECT sum(total) FROM job_totals" + filter
    }

    /// One page and the total, of the same moment.
    static func list(_ query: JobQuery, _ connection: SQLiteConnection) throws(SQLiteError) -> JobPage {
        let limit = min(max(1, query.limit), 1000)
        let edge = query.cursor?.sequence ?? (query.order == .desc ? .max : .min)
        let filter = [query.lane, query.status?.rawValue, query.client].compactMap {
            $0.map { SQLiteValue.text($0) }
        }
        return try connection.snapshot { () throws(SQLiteError) in
            var rows: [(sequence: Int64, summary: JobSummary)] = []
            // One more than asked for tells whether there is a next page.
            let arguments = filter + [.int(edge), .int(limit + 1), .int(max(0, query.offset))]
            try connection.run(listSQL(query), arguments) { row throws(SQLiteError) in
                rows.append((row.int(0), try summary(row)))
                return true
            }
            var total: Int64 = 0
            try connection.run(totalSQL(query), filter) { row throws(SQLiteError) in
                total = row.int(0)
                return true
            }
            let hasMore = rows.count > limit
            if hasMore { rows.removeLast() }
            let last = hasMore ? rows.last?.sequence : nil
            return JobPage(
                jobs: rows.map(\.summary), total: Int(total), nextCursor: last.map(JobCursor.init(sequence:)))
        }
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
