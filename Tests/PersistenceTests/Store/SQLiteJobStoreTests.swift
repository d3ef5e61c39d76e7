import RoostCore
import RoostPersistence
import Testing

/// What only the store on disk does: restarts, crashes, group commit, bounded sweeps, its own totals.
struct SQLiteJobStoreTests {
    let folder = TemporaryFolder()
    var path: String { folder.file("jobs.sqlite") }

    private func open(_ path: String? = nil, now: Timestamp = .sample) async throws -> SQLiteJobStore {
        try await SQLiteJobStore.open(path: path ?? self.path, now: now)
    }

    @Test func `is the same after a restart, and its cursors go on`() async throws {
        let store = try await open()
        var jobs: [Job] = []
        for index in 0..<5 {
            let job = Job.sample(at: .sample + Int64(index))
            try await store.insert(job)
            _ = try await store.finish(job.id, .sample(output: .rich))
            jobs.append(job)
        }
        let first = try await store.list(JobQuery(limit: 2, order: .asc))
        await store.close()
        #expect(folder.names == ["jobs.sqlite"], "a clean close leaves neither log nor lock")

        let again = try await open()
        #expect(again.recoveredJobs == 0)
        #expect(try await again.job(jobs[0].id)?.output == .rich)
        let rest = try await again.list(JobQuery(order: .asc, cursor: first.nextCursor))
        #expect(rest.jobs.map(\.id) == jobs[2...].map(\.id))
        await again.close()
    }

    @Test func `sweeps idempotency keys away when their day is over`() async throws {
        let store = try await open()
        let day = IdempotencyKey.lifetimeMilliseconds
        for index in 0..<2 {
            let key = IdempotencyKey(client: "a", key: "\(index)", fingerprint: [1])
            try await store.insert(.sample(at: .sample + Int64(index) * day), once: key)
        }
        _ = try await store.sweep(JobRetention(), now: .sample + (day + 1))
        let keys = try await store.onReader { connection throws(SQLiteError) in
            try connection.rows("SELECT key FROM idempotency_keys") { $0.text(0) }
        }
        #expect(keys == ["1"])
        await store.close()
    }

    @Test func `never gives a sequence number twice`() async throws {
        let store = try await open()
        let job = Job.sample()
        try await store.insert(job)
        _ = try await store.finish(job.id, .sample())
        let page = try await store.list(JobQuery(order: .asc))
        #expect(page.nextCursor == nil)
        _ = try await store.remove(job.id)
        try await store.insert(.sample())
        let sequence = try await store.onReader { connection throws(SQLiteError) in
            try connection.first("SELECT seq FROM jobs") { $0.int(0) }
        }
        #expect(sequence == 2)
        await store.close()
    }

    @Test func `finds every answered change after a crash and ends what was cut off`() async throws {
        let store = try await open()
        let ended = Job.sample()
        let running = Job.sample()
        let pending = Job.sample()
        for job in [ended, running, pending] { try await store.insert(job) }
        _ = try await store.start(ended.id, at: .sample)
        _ = try await store.finish(ended.id, .sample(output: .rich))
        _ = try await store.start(running.id, at: .sample + 100)
        var partial = JobOutput.rich
        partial.result = nil
        partial.resultIsTruncated = false
        try await store.save(JobOutput(stdout: Array(partial.stdout[..<2])), of: running.id)
        try await store.save(partial, of: running.id)

        // The files as they are, log and lock included, are what the death of the process leaves.
        let wreck = TemporaryFolder()
        folder.copyFiles(to: wreck)
        #expect(wreck.names.contains("jobs.sqlite-wal"))
        let again = try await open(wreck.file("jobs.sqlite"), now: .sample + 5100)
        #expect(again.recoveredJobs == 2)
        #expect(try await again.job(ended.id)?.output == .rich)
        #expect(try await again.job(ended.id)?.status == .completed)

        let cut = try #require(try await again.job(running.id))
        #expect(cut.status == .failed)
        #expect(cut.failure?.code == "SERVER_STOPPED")
        #expect(cut.failure?.details == ["previous_status": "running"])
        #expect(cut.output == partial)
        #expect(cut.summary.completedAt == .sample + 5100)
        #expect(cut.summary.durationMilliseconds == 5000)
        let never = try #require(try await again.job(pending.id))
        #expect(never.status == .failed)
        #expect(never.failure?.code == "SERVER_STOPPED")
        #expect(never.failure?.details == ["previous_status": "pending"])
        #expect(never.failure?.message != cut.failure?.message)
        #expect(never.summary.durationMilliseconds == 0)
        #expect(try await again.list(JobQuery(status: .failed)).total == 2)
        #expect(try await again.list(JobQuery(status: .running)).total == 0)
        await again.close()
        await store.close()
    }

    @Test func `a clock that went back makes no negative duration`() async throws {
        let store = try await open()
        let job = Job.sample()
        try await store.insert(job)
        _ = try await store.start(job.id, at: .sample + 10_000)
        await store.close()
        let again = try await open(now: .sample)
        #expect(try await again.job(job.id)?.summary.durationMilliseconds == 0)
        await again.close()
    }

    @Test func `commits what waits together`() async throws {
        let store = try await open()
        let jobs = (0..<400).map { Job.sample(at: .sample + Int64($0)) }
        let before = store.commits
        try await withThrowingTaskGroup(of: Void.self) { group in
            for job in jobs { group.addTask { try await store.insert(job) } }
            try await group.waitForAll()
        }
        #expect(store.commits - before < 300)
        #expect(try await store.list(JobQuery()).total == 400)
        await store.close()
    }

    @Test func `one duplicate does not fail those it is committed with`() async throws {
        let store = try await open()
        let taken = Job.sample()
        try await store.insert(taken)
        let jobs = (0..<100).map { $0 == 50 ? taken : Job.sample(at: .sample + Int64($0)) }
        let refused = await withTaskGroup(of: JobStoreError?.self) { group in
            for job in jobs {
                group.addTask {
                    do throws(JobStoreError) {
                        try await store.insert(job)
                        return nil
                    } catch {
                        return error
                    }
                }
            }
            var errors: [JobStoreError] = []
            for await error in group { if let error { errors.append(error) } }
            return errors
        }
        #expect(refused == [.duplicate(taken.id)])
        #expect(try await store.list(JobQuery()).total == 100)
        await store.close()
    }

    @Test func `one operation that fails does not fail those it is committed with`() async throws {
        let store = try await open()
        var broken = Job.sample()
        // Breaks the rule that what has not ended has no end, deep in the transaction.
        broken.summary.completedAt = .sample
        let jobs = (0..<100).map { $0 == 50 ? broken : Job.sample(at: .sample + Int64($0)) }
        let failures = await withTaskGroup(of: Bool.self) { group in
            for job in jobs { group.addTask { (try? await store.insert(job)) == nil } }
            var count = 0
            for await failed in group where failed { count += 1 }
            return count
        }
        #expect(failures == 1)
        #expect(try await store.list(JobQuery()).total == 99)
        await store.close()
    }

    @Test func `totals are what counting gives, whatever happened`() async throws {
        let store = try await open()
        var random = SplitMix(seed: 7)
        var ids: [JobID] = []
        for step in 0..<600 {
            let id = ids.randomElement(using: &random) ?? .generate(at: .sample)
            switch Int.random(in: 0..<6, using: &random) {
            case 0, 1:
                let job = Job.sample(
                    handler: step % 2 == 0 ? "python" : "code", lane: step % 5 == 0 ? "other" : "python",
                    at: .sample + Int64(step))
                try await store.insert(job)
                ids.append(job.id)
            case 2: _ = try await store.start(id, at: .sample)
            case 3: _ = try await store.finish(id, .sample([.completed, .failed, .cancelled][step % 3]))
            case 4: _ = try await store.remove(id)
            default:
                let rule = JobRetention(maximumAgeMilliseconds: 400, maximumCount: 60)
                _ = try await store.sweep(rule, now: .sample + Int64(step))
            }
        }
        let (kept, counted) = try await store.onReader { connection throws(SQLiteError) in
            let read: (borrowing SQLiteRow) throws(SQLiteError) -> String = {
                "\($0.text(0)) \($0.text(1)) \($0.text(2)) \($0.int(3))"
            }
            return (
                try connection.rows(
                    "SELECT lane, status, handler, total FROM job_totals WHERE total <> 0 ORDER BY 1, 2, 3",
                    read: read),
                try connection.rows(
                    "SELECT lane, status, handler, count(*) FROM jobs GROUP BY 1, 2, 3 ORDER BY 1, 2, 3", read: read)
            )
        }
        #expect(kept == counted)
        #expect(!kept.isEmpty)
        let orphans = try await store.onReader { connection throws(SQLiteError) in
            try connection.first("SELECT count(*) FROM job_contents WHERE seq NOT IN (SELECT seq FROM jobs)") {
                $0.int(0)
            }
        }
        #expect(orphans == 0)
        await store.close()
    }

    @Test func `a save of what is saved already writes nothing, and of a little more only that`() async throws {
        var options = SQLiteStoreOptions()
        // The search index writes as well, when there is time.
        options.indexPause = .seconds(3600)
        let store = try await SQLiteJobStore.open(path: path, options: options, now: .sample)
        let job = Job.sample()
        try await store.insert(job)
        _ = try await store.start(job.id, at: .sample)
        var output = JobOutput(stdout: [UInt8](repeating: 0x61, count: 4 << 20))
        try await store.save(output, of: job.id)
        let written = try await pagesWritten(store)
        try await store.save(output, of: job.id)
        #expect(try await pagesWritten(store) == written)
        output.stdout += Array("more\n".utf8)
        try await store.save(output, of: job.id)
        let sizes = try await store.onReader { connection throws(SQLiteError) in
            try connection.rows("SELECT length(stdout) FROM job_parts ORDER BY part") { $0.int(0) }
        }
        #expect(sizes == [4 << 20, 5])
        _ = try await store.finish(job.id, .sample(output: output))
        let parts = try await store.onReader { connection throws(SQLiteError) in
            try connection.first("SELECT count(*) FROM job_parts") { $0.int(0) }
        }
        #expect(parts == 0)
        await store.close()
    }

    /// Rows that the writer's connection has changed so far.
    private func pagesWritten(_ store: SQLiteJobStore) async throws -> Int64? {
        try await store.onWriter { connection throws(SQLiteError) in
            try connection.first("SELECT total_changes()") { $0.int(0) }
        }
    }

    @Test func `sweeps in batches that leave room for others`() async throws {
        let store = try await open()
        try await store.onWriter { connection throws(SQLiteError) in
            try connection.execute(
                """
                WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1800)
                INSERT INTO jobs (id, handler, lane, status, created_at_ms, completed_at_ms, timeout_ms)
                SELECT randomblob(16), 'python', 'python', 'completed', n, n, 1000 FROM numbers
                """)
            try connection.execute(
                """
                INSERT INTO job_contents (seq, flags, size_bytes, input, stdout, stderr, logs)
                SELECT seq, 0, 10, '', x'', x'', '[]' FROM jobs
                """)
        }
        let before = store.commits
        let rule = JobRetention(maximumAgeMilliseconds: 0, maximumCount: 100)
        #expect(try await store.sweep(rule, now: .sample) == 1800)
        #expect(store.commits - before >= 4)
        await store.close()
    }

    @Test func `empties its log when nobody writes`() async throws {
        var options = SQLiteStoreOptions()
        options.idlePause = .milliseconds(20)
        let store = try await SQLiteJobStore.open(path: path, options: options, now: .sample)
        try await store.insert(.sample(input: String(repeating: "x", count: 200_000)))
        try await eventually("the log is empty") { File.read(path + "-wal")?.isEmpty == true }
        #expect(try await store.list(JobQuery()).total == 1)
        await store.close()
    }

    @Test func `writes what waits before it closes, and nothing after`() async throws {
        let store = try await open()
        let jobs = (0..<50).map { Job.sample(at: .sample + Int64($0)) }
        let insertions = jobs.map { job in Task { try? await store.insert(job) } }
        // Whatever order they come in: each is either written or refused.
        await store.close()
        var accepted = 0
        for insertion in insertions { if await insertion.value != nil { accepted += 1 } }
        await #expect(throws: JobStoreError.self) { try await store.insert(.sample()) }
        await #expect(throws: JobStoreError.self) { _ = try await store.list(JobQuery()) }
        await store.close()
        let again = try await open()
        #expect(try await again.list(JobQuery()).total == accepted)
        await again.close()
    }

    @Test func `gives up its lock and threads without being closed`() async throws {
        do {
            let store = try await open()
            try await store.insert(.sample())
        }
        try await eventually("the lock is gone") { !folder.names.contains("jobs.sqlite.lock") }
        let again = try await open()
        #expect(again.recoveredJobs == 1)
        await again.close()
    }
}

/// Random numbers that are the same in each run (Steele, Lea, Flood: SplitMix).
private struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
