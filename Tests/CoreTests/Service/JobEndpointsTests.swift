import RoostCore
import Testing

@Suite struct `The server's own endpoints about jobs` {
    private static let now = Timestamp(milliseconds: 1_769_256_000_000)

    private let store = InMemoryJobStore()

    private func get(_ target: String) async throws -> JSON {
        let registry = HandlerRegistry()
        let queue = JobQueue(store: store, lanes: [], logger: .silent, now: { Self.now })
        let service = try RoostService(
            registry: registry, queue: queue, info: ServerInfo(version: "1", processID: 1), logger: .silent,
            now: { Self.now })
        let head = RequestHead(method: .get, target: "/api/v1" + target, fields: HTTPFields())
        let client = ClientAddress(host: "127.0.0.1", serverPort: 1)
        guard case .proceed(let ticket, _) = service.admit(head, from: client) else { throw HandlerMistake("refused") }
        let response = await service.respond(
            to: IncomingRequest(head: head, body: [], client: client, ticket: ticket))
        guard case .bytes(let bytes) = response.body else { throw HandlerMistake("a stream") }
        return try JSONParser.parse(bytes)
    }

    private func insert(_ count: Int, session: String?) async throws {
        for number in 0..<count {
            let summary = JobSummary(
                id: JobID(high: session == nil ? 0 : 1, low: UInt64(number)), handler: "words", lane: "words",
                createdAt: Self.now, timeoutMilliseconds: 1000, session: session)
            try await store.insert(Job(summary: summary, input: ""))
        }
    }

    @Test func `say when a total is more than was counted`() async throws {
        try await insert(JobPage.countedMatches, session: "s")
        let exact = try await get("/jobs?session=s&limit=1")
        #expect(exact["total"] == .int(JobPage.countedMatches))
        #expect(exact["total_is_minimum"] == nil)
        #expect(exact["jobs"]?.array?.first?["session"] == "s")
        try await insert(1, session: nil)
        #expect(try await get("/jobs?limit=1")["total"] == .int(JobPage.countedMatches + 1))
        let many = try await get("/jobs?since=2020-01-01&limit=1")
        #expect(many["total"] == .int(JobPage.countedMatches))
        #expect(many["total_is_minimum"] == true)
        #expect(many["next_cursor"]?.string != nil)
    }

    @Test func `show a job that has an output of megabytes, and one of any handler`() async throws {
        try await insert(1, session: nil)
        let id = JobID(high: 0, low: 0)
        _ = try await store.start(id, at: Self.now)
        let output = JobOutput(stdout: [UInt8](repeating: 0x78, count: 3 << 20))
        _ = try await store.finish(
            id, JobEnd(status: .completed, completedAt: Self.now, durationMilliseconds: 1, output: output, failure: nil))
        let job = try #require(try await get("/job?id=\(id)")["job"])
        #expect(job["output"]?.string?.utf8.count == 3 << 20)
        #expect(job["handler"] == "words")
        let stats = try await get("/jobs/stats")
        #expect(stats["by_handler"]?["words"]?["completed"] == 1)
        #expect(stats["total"] == 1)
    }
}
