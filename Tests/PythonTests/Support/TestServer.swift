import Glibc
import RoostCore
import RoostPython

/// The Python handler in a service, without sockets and files.
struct TestServer {
    struct Answer {
        var status: Int
        var fields: HTTPFields
        var body: JSON

        subscript(_ path: String...) -> JSON? { path.reduce(Optional(body)) { $0?[$1] } }
        var code: String? { self["error", "code"]?.string }
        var message: String? { self["error", "message"]?.string }
    }

    let service: RoostService
    let store: MemoryStore
    let queue: JobQueue
    let handler: PythonHandler

    /// Runs `body` with a started server, and shuts it down.
    static func with(
        dialect: PythonDialect = .reference, workers: Int = 2, _ body: (TestServer) async throws -> Void
    ) async throws {
        let scratch = TemporaryFolder()
        let project = ProjectFolder(path: scratch.path)
        let engine = try PythonEngine(
            configuration: .init(
                executable: EngineFixture.executable, scratch: scratch.path, workers: workers,
                modules: [UnrealModule.make(project: project)]),
            logger: .silent)
        let handler = PythonHandler(engine: engine, dialect: dialect)
        var registry = HandlerRegistry()
        try registry.register(handler)
        let store = MemoryStore()
        let queue = JobQueue(store: store, lanes: registry.lanes, logger: .silent, now: now)
        let service = try RoostService(
            registry: registry, queue: queue, info: ServerInfo(version: "0", processID: 1), logger: .silent, now: now)
        try await service.start()
        do {
            try await body(TestServer(service: service, store: store, queue: queue, handler: handler))
        } catch {
            await service.shutdown()
            throw error
        }
        await queue.drain(for: .zero)
        await service.shutdown()
        withExtendedLifetime(scratch) {}
    }

    @Sendable private static func now() -> Timestamp {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    func send(
        _ method: HTTPMethod, _ path: String, _ body: String = "", _ fields: [(String, String)] = []
    ) async throws -> Answer {
        var all = HTTPFields()
        for (name, value) in fields { all.append(name, value) }
        let head = RequestHead(method: method, target: "/api/v1/python" + path, fields: all)
        let client = ClientAddress(host: "127.0.0.1", serverPort: 8080)
        let response: Response
        switch service.admit(head, from: client) {
        case .respond(let early): response = early
        case .proceed(let ticket, _):
            response = await service.respond(
                to: IncomingRequest(head: head, body: Array(body.utf8), client: client, ticket: ticket))
        }
        guard case .bytes(let bytes) = response.body else { throw HandlerMistake("a stream") }
        return Answer(status: response.status.code, fields: response.fields, body: try JSONParser.parse(bytes))
    }

    func execute(_ members: JSONObject, query: String = "", _ fields: [(String, String)] = []) async throws -> Answer {
        try await send(
            .post, "/execute" + query, String(decoding: JSON.object(members).serialized(), as: UTF8.self), fields)
    }

    func execute(_ code: String) async throws -> Answer { try await execute(["code": .string(code)]) }

    /// Starts a job that runs until it is stopped, and waits until it runs.
    func runForever(_ query: String = "") async throws -> String {
        let answer = try await execute(
            ["code": "print('begun', flush=True)\nimport time\nwhile True: time.sleep(0.01)"], query: query,
            [("Prefer", "respond-async")])
        let id = answer["job_id"]?.string ?? ""
        _ = await eventually {
            let job = try? await send(.get, "/job?id=\(id)&dialect=reference")
            return job?["job", "output"]?.string?.hasPrefix("begun") == true
        }
        return id
    }
}
