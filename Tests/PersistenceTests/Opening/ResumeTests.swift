import RoostCore
import Testing

@testable import RoostPersistence

struct ResumeTests {
    let folder = TemporaryFolder()
    private var path: String { folder.file("jobs.sqlite") }

    private func open(_ resume: SQLiteStoreOptions.Resume, now: Timestamp = .sample) async throws -> SQLiteJobStore {
        try await SQLiteJobStore.open(path: path, options: SQLiteStoreOptions(resume: resume), now: now)
    }

    @Test func `with requeue, what waited is handed back and what ran has failed`() async throws {
        var waiting: [Job] = []
        var running = Job.sample(input: "ran")
        do {
            let store = try await open(.requeue)
            #expect(store.takeInterruptedPending().isEmpty)
            for number in 0..<3 {
                var job = Job.sample(
                    handler: number == 1 ? "echo" : "python", at: .sample + Int64(number), input: "wait \(number)")
                job.summary.session = "s"
                job.summary.client = "ci"
                if number == 2 { job.webhook = JobWebhook(url: "https://example.com/", receiver: "example.com", note: "n") }
                try await store.insert(job)
                waiting.append(job)
            }
            try await store.insert(running)
            _ = try await store.start(running.id, at: .sample + 5)
            let ended = Job.sample()
            try await store.insert(ended)
            _ = try await store.finish(ended.id, .sample())
            await store.close()
        }
        let store = try await open(.requeue, now: .sample + 1000)
        #expect(store.takeInterruptedPending() == waiting)
        #expect(store.recoveredJobs == 1)
        running = try #require(try await store.job(running.id))
        #expect(running.status == .failed)
        #expect(running.failure?.details == ["previous_status": "running"])
        #expect(running.summary.durationMilliseconds == 995)
        #expect(try await store.list(JobQuery(status: .pending)).total == 3)
        // They go on as any job does.
        #expect(try await store.start(waiting[0].id, at: .sample + 1001))
        #expect(try await store.finish(waiting[0].id, .sample(at: .sample + 1002)))
        await store.close()

        // What nobody took up is handed back again, or ended when that is what is asked for.
        let third = try await open(.requeue, now: .sample + 2000)
        #expect(third.takeInterruptedPending().map(\.id) == waiting[1...].map(\.id))
        await third.close()
        let fourth = try await open(.fail, now: .sample + 3000)
        #expect(fourth.takeInterruptedPending().isEmpty)
        #expect(fourth.recoveredJobs == 2)
        let failed = try #require(try await fourth.job(waiting[1].id))
        #expect(failed.failure?.details == ["previous_status": "pending"])
        #expect(failed.summary.startedAt == nil)
        #expect(try await fourth.statistics(now: .sample + 3000).lastHour.total.finished == [.completed: 2, .failed: 3])
        await fourth.close()
    }

    @Test(arguments: SQLiteStoreOptions.Durability.allCases)
    func `a commit waits for the disk when that is asked for`(_ durability: SQLiteStoreOptions.Durability) async throws {
        let store = try await SQLiteJobStore.open(
            path: path, options: SQLiteStoreOptions(durability: durability), now: .sample)
        // https://www.sqlite.org/pragma.html#pragma_synchronous: 1 is NORMAL, 2 is FULL.
        let level = try await store.onWriter { connection throws(SQLiteError) in
            try connection.first("PRAGMA synchronous") { $0.int(0) }
        }
        #expect(level == (durability == .full ? 2 : 1))
        let job = Job.sample()
        try await store.insert(job)
        #expect(try await store.job(job.id) == job)
        await store.close()
    }
}
