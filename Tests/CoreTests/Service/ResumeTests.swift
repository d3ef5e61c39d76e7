import RoostCore
import Testing

@Suite struct `Jobs of an earlier process` {
    private struct Refused: Error {}

    private struct Words: Handler {
        let name = "words"
        let description = "For tests"
        let jobLane = JobLane(name: "words", width: 1)
        @EndpointBuilder var endpoints: [Endpoint] {}

        func resume(_ job: Job, _ context: HandlerContext) throws -> ResumedWork? {
            if job.input == "throw" { throw Refused() }
            if job.input == "nil" { return nil }
            #expect(context.jobs.handle(job.id) != nil, "it can be followed")
            #expect(context.jobs.client == job.summary.client)
            return ResumedWork { context in
                context.log(.info, job.input)
                return .completed(result: nil)
            }
        }
    }

    private struct Mute: Handler {
        let name = "mute"
        let description = "For tests"
        @EndpointBuilder var endpoints: [Endpoint] {}
    }

    private static let now = Timestamp(milliseconds: 1_769_256_000_000)

    @Test func `go back to their handlers, however many may wait, and end where nobody takes them`() async throws {
        var registry = HandlerRegistry()
        try registry.register(Words())
        try registry.register(Mute())
        let store = InMemoryJobStore()
        let queue = JobQueue(
            store: store, lanes: registry.lanes, limits: JobLimits(maximumWaiting: 1), logger: .silent, now: { Self.now })
        let service = try RoostService(
            registry: registry, queue: queue, info: ServerInfo(version: "1", processID: 1), logger: .silent,
            now: { Self.now })
        var jobs: [Job] = []
        for (index, (handler, lane, input)) in [
            ("words", "words", "a"), ("words", "words", "b"), ("words", "words", "c"), ("words", "words", "throw"),
            ("words", "words", "nil"), ("mute", "mute", "x"), ("gone", "words", "y"), ("words", "gone", "z"),
        ].enumerated() {
            let summary = JobSummary(
                id: JobID(high: 1, low: UInt64(index)), handler: handler, lane: lane, createdAt: Self.now,
                timeoutMilliseconds: 5000, client: "ci")
            let job = Job(summary: summary, input: input)
            try await store.insert(job)
            jobs.append(job)
        }
        #expect(await service.resume(jobs) == 3)
        for (index, job) in jobs.enumerated() {
            if let handle = queue.handle(job.id) { _ = try await handle.finished() }
            let ended = try #require(try await store.job(job.id))
            #expect(ended.output.wasResumed == (index < 3))
            #expect(ended.summary.client == "ci")
            if index < 3 {
                #expect(ended.status == .completed)
                #expect(ended.output.logs.map(\.message) == [job.input])
            } else {
                #expect(ended.status == .failed)
                #expect(ended.failure == JobFailure(serverStoppedWhile: .pending))
                #expect(ended.summary.startedAt == nil)
            }
        }
        #expect(queue.counts(lane: "words") == (0, 0))
        // The queue is as it was: the place of each is given back.
        let handle = try await queue.submit(
            JobRequest(input: "new", timeoutMilliseconds: 1000), handler: "words", lane: "words"
        ) { _ in .completed(result: nil) }
        #expect(try await handle.finished().status == .completed)
    }
}
