import RoostCore
import RoostPersistence
import Testing

/// Contract §10: a full disk or a locked database fails the job concerned, and the server goes on.
struct UnsavedEndsTests {
    let folder = TemporaryFolder()
    var path: String { folder.file("jobs.sqlite") }

    private func open(busy: Duration = .seconds(5)) async throws -> SQLiteJobStore {
        var options = SQLiteStoreOptions(busyTimeout: busy)
        options.retryPause = .milliseconds(20)
        return try await SQLiteJobStore.open(path: path, options: options, now: .sample)
    }

    private func setPageLimit(_ store: SQLiteJobStore, _ limit: Int) async throws {
        try await store.onWriter { connection throws(SQLiteError) in
            // Never below the size it has.
            _ = try connection.first("PRAGMA max_page_count = \(limit)") { $0.int(0) }
        }
    }

    @Test func `on a full disk an end is kept, shown, and written when there is room`() async throws {
        let store = try await open()
        let job = Job.sample()
        try await store.insert(job)
        _ = try await store.start(job.id, at: .sample)
        try await setPageLimit(store, 1)

        let big = JobOutput(stdout: [UInt8](repeating: 0x61, count: 1 << 20))
        await #expect(throws: JobStoreError.self) { _ = try await store.finish(job.id, .sample(output: big)) }
        // The client gets an error, but whoever asks sees how it ended.
        #expect(try await store.job(job.id)?.status == .completed)
        #expect(try await store.job(job.id)?.output == big)
        #expect(try await store.finish(job.id, .sample(.cancelled)) == false, "the first end counts")
        #expect(try await store.start(job.id, at: .sample) == false)
        // Nor may it seem unknown to whoever wants it removed.
        await #expect(throws: JobStoreError.self) { _ = try await store.remove(job.id) }
        #expect(try await store.list(JobQuery(status: .running)).total == 1)
        // What fits still works.
        await #expect(throws: JobStoreError.self) {
            try await store.insert(.sample(input: String(repeating: "x", count: 1 << 20)))
        }
        #expect(try await store.list(JobQuery()).total == 1)

        try await setPageLimit(store, 1 << 20)
        try await eventually("the end is written") {
            try await store.list(JobQuery(status: .completed)).total == 1
        }
        #expect(try await store.job(job.id)?.output == big)
        try await store.insert(.sample())
        await store.close()
        let again = try await open()
        #expect(try await again.job(job.id)?.output == big)
        #expect(again.recoveredJobs == 1)
        await again.close()
    }

    @Test func `an end that could not be written is written at the latest when the store closes`() async throws {
        var options = SQLiteStoreOptions()
        options.retryPause = .seconds(3600)
        let store = try await SQLiteJobStore.open(path: path, options: options, now: .sample)
        let job = Job.sample()
        try await store.insert(job)
        try await setPageLimit(store, 1)
        let big = JobOutput(stderr: [UInt8](repeating: 0, count: 1 << 20))
        await #expect(throws: JobStoreError.self) { _ = try await store.finish(job.id, .sample(output: big)) }
        try await setPageLimit(store, 1 << 20)
        await store.close()
        let again = try await open()
        #expect(again.recoveredJobs == 0)
        #expect(try await again.job(job.id)?.output == big)
        await again.close()
    }

    @Test func `while another program holds the lock, writes fail in time, reads work, ends are kept`() async throws {
        let store = try await open(busy: .milliseconds(150))
        let job = Job.sample()
        try await store.insert(job)
        let other = try SQLiteConnection(path: path, mode: .existing)
        try other.execute("BEGIN IMMEDIATE")

        let begin = ContinuousClock.now
        await #expect(throws: JobStoreError.self) { _ = try await store.finish(job.id, .sample()) }
        await #expect(throws: JobStoreError.self) { try await store.insert(.sample()) }
        #expect(try await store.list(JobQuery()).total == 1)
        #expect(begin.duration(to: .now) < .seconds(30))
        try other.execute("ROLLBACK")
        try await eventually("the end is written") {
            try await store.list(JobQuery(status: .completed)).total == 1
        }
        #expect(try await store.list(JobQuery()).total == 1, "a refused job is not accepted later")
        await store.close()
    }

    @Test func `a short lock delays and does not fail`() async throws {
        // As long as the tests beside this one may keep it from its turn.
        let store = try await open(busy: .seconds(60))
        let other = try SQLiteConnection(path: path, mode: .existing)
        // The store may be emptying its log just then.
        other.setBusyTimeout(milliseconds: 60_000)
        try other.execute("BEGIN IMMEDIATE")
        let job = Job.sample()
        async let insertion: Void = store.insert(job)
        // Reads go on meanwhile.
        for _ in 0..<20 { #expect(try await store.job(job.id) == nil) }
        try other.execute("COMMIT")
        try await insertion
        #expect(try await store.job(job.id) == job)
        await store.close()
    }
}
