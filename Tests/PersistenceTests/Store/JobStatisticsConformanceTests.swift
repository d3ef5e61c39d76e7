import RoostCore
import Testing

/// What every store's statistics promise.
struct JobStatisticsConformanceTests {
    private static let minute: Int64 = 60_000

    /// One job that ends as said.
    private func run(
        _ store: any JobStore, handler: String = "python", at time: Timestamp, _ status: JobStatus = .completed,
        duration: Int, starts: Bool = true
    ) async throws -> JobID {
        let job = Job.sample(handler: handler, lane: handler, at: time)
        try await store.insert(job)
        if starts { _ = try await store.start(job.id, at: time) }
        let end = JobEnd(
            status: status, completedAt: time + Int64(duration), durationMilliseconds: duration, output: JobOutput(),
            failure: nil)
        #expect(try await store.finish(job.id, end))
        #expect(try await store.finish(job.id, end) == false)
        return job.id
    }

    @Test(arguments: StoreKind.allCases)
    func `an empty history has nothing to tell`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let statistics = try await store.statistics(now: .sample)
            #expect(statistics.counts.isEmpty)
            #expect(statistics.lastHour.handlers.isEmpty && statistics.lastDay.handlers.isEmpty)
            #expect(statistics.lastHour.total.durations.quantile(0.5) == nil)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `counts jobs by handler and state as they are now`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.insert(.sample(handler: "echo", lane: "echo"))
            let gone = try await run(store, at: .sample, duration: 5)
            _ = try await run(store, at: .sample, duration: 5)
            _ = try await run(store, at: .sample, .failed, duration: 5)
            _ = try await store.remove(gone)
            #expect(
                try await store.statistics(now: .sample + 100).counts == [
                    JobStatistics.Count(handler: "echo", status: .pending, count: 1),
                    JobStatistics.Count(handler: "python", status: .completed, count: 1),
                    JobStatistics.Count(handler: "python", status: .failed, count: 1),
                ])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `tells the last hour from the last day, and forgets what is older`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let now = Timestamp.sample + 2000 * Self.minute
            for ago in [0, 59, 60, 1439, 1440] as [Int64] {
                _ = try await run(store, at: now + -ago * Self.minute, duration: 0)
            }
            _ = try await store.remove(try await run(store, handler: "code", at: now, .cancelled, duration: 7))
            let statistics = try await store.statistics(now: now)
            #expect(statistics.lastHour.handlers["python"]?.accepted == 2)
            #expect(statistics.lastHour.handlers["python"]?.finished == [.completed: 2])
            #expect(statistics.lastDay.handlers["python"]?.accepted == 4)
            #expect(statistics.lastDay.total.finished == [.completed: 4, .cancelled: 1])
            #expect(statistics.lastHour.handlers["code"]?.finishedCount == 1, "a removed job has ended all the same")
            #expect(statistics.lastHour.since.milliseconds % Self.minute == 0)
            #expect((59 * 60.0...60 * 60.0).contains(statistics.lastHour.seconds))
            #expect(statistics.lastHour.until == now)

            // Sweeps forget counts that nobody can ask for, some each time.
            try await eventually("counts are forgotten") {
                _ = try await store.sweep(JobRetention(), now: now + 5000 * Self.minute)
                return try await store.statistics(now: now).lastDay.total.finishedCount == 0
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `quantiles of durations are an eighth off at most, without jobs that never ran`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            for number in 1...100 { _ = try await run(store, at: .sample, duration: number * number) }
            for _ in 0..<50 { _ = try await run(store, at: .sample, .cancelled, duration: 0, starts: false) }
            let durations = try await store.statistics(now: .sample + 10_000).lastHour.total.durations
            #expect(durations.count == 100)
            for (share, exact) in [(0.5, 2500.0), (0.9, 8100.0), (0.99, 9801.0)] {
                let found = Double(try #require(durations.quantile(share)))
                #expect(abs(found - exact) <= exact / 8, "\(share): \(found)")
            }
        }
    }
}
