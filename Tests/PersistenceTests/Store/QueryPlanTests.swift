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

    @Test(arguments: JobQuery.Order.allCases, [nil, JobStatus.failed])
    func `a list reads one index in its order`(_ order: JobQuery.Order, _ status: JobStatus?) async throws {
        for lane in [nil, "python"] {
            let query = JobQuery(lane: lane, status: status, order: order)
            let index =
                switch (lane, status) {
                case (nil, nil): "INTEGER PRIMARY KEY (rowid"
                case (_?, nil): "INDEX jobs_by_lane (lane=? AND rowid"
                case (nil, _?): "INDEX jobs_by_status (status=? AND rowid"
                case (_?, _?): "INDEX jobs_by_lane_status (lane=? AND status=? AND rowid"
                }
            let lines = try await plan(JobReads.listSQL(query))
            #expect(lines == ["SEARCH jobs USING \(index)\(order == .desc ? "<" : ">")?)"])
        }
    }

    @Test(arguments: JobQuery.Order.allCases) func `a list of one client reads its index in its order`(
        _ order: JobQuery.Order
    ) async throws {
        let lines = try await plan(JobReads.listSQL(JobQuery(lane: "python", client: "ci", order: order)))
        let bound = order == .desc ? "<" : ">"
        #expect(lines == ["SEARCH jobs USING INDEX jobs_by_client (client=? AND lane=? AND rowid\(bound)?)"])
    }

    @Test func `idempotency keys are looked up and swept by an index`() async throws {
        let known = try await plan(KeyWrites.known)
        #expect(known.allSatisfy { $0.hasPrefix("SEARCH") }, "\(known)")
        let forget = try await plan(KeyWrites.forget)
        #expect(forget.contains { $0.contains("idempotency_keys_by_age") }, "\(forget)")
        #expect(!forget.contains { $0.hasPrefix("SCAN") }, "\(forget)")
    }

    @Test func `a total never looks at jobs`() async throws {
        for query in [
            JobQuery(), JobQuery(lane: "a"), JobQuery(status: .failed), JobQuery(lane: "a", status: .failed),
            JobQuery(lane: "a", client: "c"), JobQuery(lane: "a", status: .failed, client: "c"),
        ] {
            for line in try await plan(JobReads.totalSQL(query)) {
                #expect(line.contains("job_totals"), "\(line)")
            }
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
        let lines = try await plan("SELECT seq, started_at_ms FROM jobs WHERE status IN ('pending', 'running')")
        #expect(lines == ["SEARCH jobs USING INDEX jobs_by_status (status=?)"])
    }
}
