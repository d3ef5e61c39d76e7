import RoostCore
import Testing

@testable import RoostPersistence

/// Every statement finds its rows by an index, in order: a list of a million jobs costs what one of ten does.
struct QueryPlanTests {
    private func plan(_ sql: String) async throws -> [String] {
        let folder = TemporaryFolder()
        let store = try await SQLiteJobStore.open(path: folder.file("jobs.sqlite"), now: .sample)
        defer { withExtendedLifetime(folder) {} }
        let places = sql.filter { $0 == "?" }.count
        let lines = try await store.onReader { connection throws(SQLiteError) in
            var lines: [String] = []
            let nulls = [SQLiteValue](repeating: .null, count: places)
            try connection.run("EXPLAIN QUERY PLAN " + sql, nulls) { row throws(SQLiteError) in
                lines.append(row.text(3))
                return true
            }
            return lines
        }
        await store.close()
        return lines
    }

    /// Two handlers in a lane and one in another; two clients.
    private static let counts = JobCounts(rows: [
        JobCounts.Row(lane: "echo", status: "completed", handler: "echo", total: 5, ofClient: 1),
        JobCounts.Row(lane: "python", status: "completed", handler: "code", total: 50, ofClient: 20),
        JobCounts.Row(lane: "python", status: "completed", handler: "python", total: 500, ofClient: 200),
        JobCounts.Row(lane: "python", status: "failed", handler: "python", total: 30, ofClient: 9),
        JobCounts.Row(lane: "python", status: "running", handler: "python", total: 2, ofClient: 1),
    ])

    /// Every combination of filters that has jobs, in both orders.
    private static var queries: [JobQuery] {
        var queries: [JobQuery] = []
        for lane in [nil, "python"] {
            for handler in [nil, "python", "code"] {
                for status in [nil, JobStatus.completed, .running] {
                    for client in [nil, "ci"] {
                        for session in [nil, "s"] {
                            for time in [nil, Timestamp.sample] {
                                for order in JobQuery.Order.allCases {
                                    queries.append(
                                        JobQuery(
                                            lane: lane, handler: handler, status: status, client: client,
                                            session: session, since: time, until: time, order: order))
                                }
                            }
                        }
                    }
                }
            }
        }
        return queries
    }

    @Test func `every filter and combination is served by an index, in its order`() async throws {
        let folder = TemporaryFolder()
        let store = try await SQLiteJobStore.open(path: folder.file("jobs.sqlite"), now: .sample)
        for query in Self.queries {
            let plan = JobListPlan(query, Self.counts)
            // The code handler has no running job, which is answered without a look.
            #expect(plan.isEmpty == (query.handler == "code" && query.status == .running))
            if plan.isEmpty { continue }
            for (sql, values) in [
                (plan.sequencesSQL, plan.sequencesValues(0...1, limit: 1, offset: 0)),
                (plan.countSQL, plan.countValues(0...1, limit: 1)),
            ] {
                let lines = try await store.onReader { connection throws(SQLiteError) in
                    try Self.plan(sql, values, connection)
                }
                let jobs = lines.filter { $0.contains(" jobs") }
                #expect(!jobs.isEmpty && jobs.allSatisfy { $0.hasPrefix("SEARCH jobs USING") }, "\(query): \(lines)")
                #expect(!lines.contains { $0.contains("TEMP B-TREE") }, "\(query): \(lines)")
                #expect(jobs.allSatisfy { $0.contains("rowid>? AND rowid<?") }, "\(query): \(lines)")
            }
        }
        await store.close()
    }

    private static func plan(_ sql: String, _ values: [SQLiteValue], _ connection: SQLiteConnection)
        throws(SQLiteError) -> [String]
    {
        var lines: [String] = []
        try connection.run("EXPLAIN QUERY PLAN " + sql, values) { row throws(SQLiteError) in
            lines.append(row.text(3))
            return true
        }
        return lines
    }

    @Test(arguments: [
        (JobQuery(), "USING INTEGER PRIMARY KEY"), (JobQuery(since: .sample), "USING INTEGER PRIMARY KEY"),
        (JobQuery(lane: "python"), "USING INDEX jobs_by_handler (handler=? AND status=?"),
        (JobQuery(handler: "code"), "USING INDEX jobs_by_handler (handler=? AND status=?"),
        (JobQuery(status: .completed), "USING INDEX jobs_by_handler (handler=? AND status=?"),
        (JobQuery(client: "ci"), "USING INDEX jobs_by_client (client=? AND handler=? AND status=?"),
        (JobQuery(lane: "python", status: .failed, client: "ci"), "jobs_by_client (client=? AND handler=? AND status=?"),
        (JobQuery(handler: "echo", client: "ci"), "jobs_by_client (client=? AND handler=? AND status=?"),
        (JobQuery(session: "s"), "USING INDEX jobs_by_session (session=? AND handler=? AND status=?"),
        (JobQuery(lane: "python", session: "s"), "jobs_by_session (session=? AND handler=? AND status=?"),
        (JobQuery(status: .failed, since: .sample), "USING INDEX jobs_by_handler (handler=? AND status=?"),
        (JobQuery(status: .completed, since: .sample), "USING INTEGER PRIMARY KEY"),
    ])
    func `all filters but those by time are in the index that is read`(_ query: JobQuery, _ part: String)
        async throws
    {
        let folder = TemporaryFolder()
        let store = try await SQLiteJobStore.open(path: folder.file("jobs.sqlite"), now: .sample)
        let plan = JobListPlan(query, Self.counts)
        let lines = try await store.onReader { connection throws(SQLiteError) in
            try Self.plan(plan.sequencesSQL, plan.sequencesValues(0...1, limit: 1, offset: 0), connection)
        }
        // Those that have not ended are few and in an index of their own.
        let rest = lines.filter { $0.contains(" jobs") && !$0.contains("INDEX jobs_unfinished (handler=?") }
        #expect(!rest.isEmpty && rest.allSatisfy { $0.contains(part) }, "\(lines)")
        await store.close()
    }

    @Test(arguments: [JobReads.firstSince, JobReads.lastUntil, StatisticsReads.accepted, StatisticsReads.ended])
    func `times and statistics read a range of a small table`(_ sql: String) async throws {
        let lines = try await plan(sql)
        #expect(lines.contains { $0.hasPrefix("SEARCH job_") && $0.contains("PRIMARY KEY (minute") }, "\(lines)")
        #expect(!lines.contains { $0.hasPrefix("SCAN") }, "\(lines)")
    }

    @Test func `idempotency keys are looked up and swept by an index`() async throws {
        let known = try await plan(KeyWrites.known)
        #expect(known.allSatisfy { $0.hasPrefix("SEARCH") }, "\(known)")
        let forget = try await plan(KeyWrites.forget)
        #expect(forget.contains { $0.contains("idempotency_keys_by_age") }, "\(forget)")
        #expect(!forget.contains { $0.hasPrefix("SCAN") }, "\(forget)")
    }

    @Test func `totals never look at jobs`() async throws {
        for line in try await plan(JobCounts.sql) + plan(StatisticsReads.counts) {
            #expect(line.contains("job_totals") || line.contains("TEMP B-TREE FOR GROUP BY"), "\(line)")
        }
    }

    @Test func `one job and its parts are looked up`() async throws {
        let job = try await plan(JobReads.jobByID)
        #expect(job.count == 2)
        #expect(job.allSatisfy { $0.hasPrefix("SEARCH") }, "\(job)")
        #expect(job[0].contains("(id=?)"))
        let parts = try await plan(JobReads.partsOfJob)
        #expect(parts == ["SEARCH job_parts USING INDEX job_parts_by_job (seq=?)"])
    }

    @Test func `the sweep reads finished jobs in order of creation`() async throws {
        let lines = try await plan(JobSweep.candidates)
        #expect(lines.first?.contains("USING INDEX jobs_finished") == true, "\(lines)")
        #expect(!lines.contains { $0.contains("TEMP B-TREE") }, "\(lines)")
        #expect(lines.last?.hasPrefix("SEARCH job_contents USING INTEGER PRIMARY KEY") == true)
    }

    @Test(arguments: [
        "UPDATE jobs SET status = 'running' WHERE id = ? AND status = 'pending'",
        "UPDATE jobs SET status = ? WHERE id = ? AND status IN ('pending', 'running') RETURNING seq",
        "DELETE FROM jobs WHERE id = ? AND completed_at_ms IS NOT NULL RETURNING status",
        "SELECT seq FROM jobs WHERE id = ? AND status = 'running'",
    ])
    func `a change finds its job by id`(_ sql: String) async throws {
        let lines = try await plan(sql)
        #expect(lines.first?.contains("(id=?)") == true, "\(lines)")
        #expect(!lines.contains { $0.hasPrefix("SCAN") }, "\(lines)")
    }

    @Test func `recovery looks only at what has not ended`() async throws {
        let lines = try await plan(JobRecovery.unfinished)
        #expect(lines == ["SCAN jobs USING INDEX jobs_unfinished"])
    }
}
