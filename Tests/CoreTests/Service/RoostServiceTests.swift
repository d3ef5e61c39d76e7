@testable import RoostCore
import Synchronization
import Testing

@Suite struct `Roost service` {
    private struct Echo: Handler {
        let name = "echo"
        let description = "For tests"
        static let text = BodyParameter<String>("text", "Any text", required: true)
        static let count = QueryParameter<Int>("count", "A number", in: 1...3, default: 1)
        static let id = PathParameter<String>("id", "Any text")
        static let flag = HeaderParameter<String>("X-Flag", "Any text")

        var endpoints: [Endpoint] {
            Endpoint(.post, "/say", "Say it", Self.text, Self.count) { request in
                .json(["text": .string(try request[Self.text]), "count": .int(try request[Self.count])])
            }
            Endpoint(.get, "/item/{id}", "Show it", Self.id, Self.flag) { request in
                .json(["id": .string(try request[Self.id]), "flag": request[ifPresent: Self.flag].json])
            }
            Endpoint(.get, "/broken", "Throws") { _ in throw HandlerMistake("secret cause") }
            Endpoint(.get, "/waiting", "Awaits") { _ in
                await Task.yield()
                return .text("waited")
            }
            Endpoint(.get, "/refusing", "Throws") { _ in throw APIError.jobNotFound }
        }
        func health() -> JSON? { ["ready": true] }
    }

    private final class Log: Sendable {
        private let records = Mutex<[Logger.Record]>([])
        var logger: Logger { Logger(level: .debug) { [self] record in records.withLock { $0.append(record) } } }
        var all: [Logger.Record] { records.withLock { $0 } }
    }

    private let log = Log()

    private func service() throws -> RoostService {
        var registry = HandlerRegistry()
        try registry.register(Echo())
        let queue = JobQueue(
            store: InMemoryJobStore(), lanes: registry.lanes, logger: .silent, now: { Timestamp(milliseconds: 0) })
        return try RoostService(
            registry: registry, queue: queue, info: ServerInfo(version: "1.2.3", processID: 42), maximumBody: 100,
            logger: log.logger, now: { Timestamp(milliseconds: 0) })
    }

    private func ask(
        _ method: HTTPMethod, _ target: String, _ body: String = "", type: String? = "application/json",
        flag: String? = nil
    ) async throws -> (status: Int, fields: HTTPFields, json: JSON?) {
        var fields = HTTPFields()
        if let type { fields.append("Content-Type", type) }
        if let flag { fields.append("x-flag", flag) }
        let head = RequestHead(method: method, target: target, fields: fields)
        let client = ClientAddress(host: "127.0.0.1", serverPort: 80)
        let service = try service()
        let response: Response
        switch service.admit(head, from: client) {
        case .respond(let early): response = early
        case .proceed(let ticket, let maximumBody):
            #expect(maximumBody == 100)
            response = await service.respond(
                to: IncomingRequest(head: head, body: Array(body.utf8), client: client, ticket: ticket))
        }
        guard case .bytes(let bytes) = response.body else { return (response.status.code, response.fields, nil) }
        return (response.status.code, response.fields, try? JSONParser.parse(bytes))
    }

    @Test func `hands validated parameters to the endpoint`() async throws {
        let answer = try await ask(.post, "/api/v1/echo/say?count=2", #"{"text":"hi"}"#)
        #expect(answer.status == 200)
        #expect(answer.json == ["text": "hi", "count": 2])
    }

    @Test func `request ids do not repeat`() {
        let ids = (0..<10_000).map { _ in RequestID() }
        #expect(Set(ids).count == ids.count)
        #expect(ids.allSatisfy { $0.description.utf8.count == 16 })
    }

    @Test(arguments: ["/api/v1/echo/item/a/", "/api/v1/echo/item/a?x=/b", "/api/v1/echo/item/a/?"])
    func `a trailing slash and a query do not belong to the path`(_ target: String) async throws {
        #expect(try await ask(.get, target).json == ["id": "a", "flag": nil])
    }

    @Test(arguments: ["//", "/api/v1/echo/item/a//", "/api/v1//health", "/"])
    func `an empty segment matches nothing`(_ target: String) async throws {
        #expect(try await ask(.get, target).status == 404)
    }

    @Test func `decodes a path segment once`() async throws {
        let answer = try await ask(.get, "/api/v1/echo/item/a%2Fb%2520c", flag: "yes")
        #expect(answer.json == ["id": "a/b%20c", "flag": "yes"])
    }

    @Test(arguments: [
        ("POST", "/api/v1/echo/say?count=9", #"{"text":"hi"}"#, 400, "INVALID_PARAMETER"),
        ("POST", "/api/v1/echo/say", #"{}"#, 400, "MISSING_PARAMETER"),
        ("POST", "/api/v1/echo/say?count=9", #"{}"#, 400, "MISSING_PARAMETER"),
        ("POST", "/api/v1/echo/say", "", 400, "INVALID_JSON"),
        ("POST", "/api/v1/echo/say", "[]", 400, "INVALID_JSON"),
        ("POST", "/api/v1/echo/say", #"{"text":1}"#, 400, "INVALID_PARAMETER"),
        ("GET", "/api/v1/echo/say", "", 405, "METHOD_NOT_ALLOWED"),
        ("BREW", "/api/v1/echo/say", "", 405, "METHOD_NOT_ALLOWED"),
        ("GET", "/api/v1/nothing", "", 404, "HANDLER_NOT_FOUND"),
        ("BREW", "/", "", 404, "HANDLER_NOT_FOUND"),
        ("GET", "/api/v1/echo/item/%zz", "", 400, "BAD_REQUEST"),
        ("GET", "/api/v1/echo/item/a?x=%4", "", 400, "BAD_REQUEST"),
        ("GET", "/api/v1/echo/refusing", "", 404, "JOB_NOT_FOUND"),
    ])
    func `answers each mistake with its code`(
        method: String, target: String, body: String, status: Int, code: String
    ) async throws {
        let answer = try await ask(HTTPMethod(rawValue: method), target, body)
        #expect(answer.status == status)
        #expect(answer.json?["success"] == false)
        #expect(answer.json?["error"]?["code"] == .string(code))
    }

    @Test(arguments: ["text/plain", "application/x-www-form-urlencoded", "", "application/jsonp", "text/json; a=application/json"])
    func `refuses a body that says it is something else than JSON, before it reads it`(type: String) async throws {
        let answer = try await ask(.post, "/api/v1/echo/say", "{", type: type)
        #expect(answer.status == 415)
        #expect(answer.json?["error"]?["code"] == "UNSUPPORTED_MEDIA_TYPE")
    }

    @Test(arguments: [nil, "application/json", "Application/JSON; charset=utf-8", "application/problem+json"])
    func `takes JSON under its names, and a body that says nothing`(type: String?) async throws {
        #expect(try await ask(.post, "/api/v1/echo/say", #"{"text":""}"#, type: type).status == 200)
    }

    @Test func `keeps the cause of an unexpected error in the log, under the id that the answer names`() async throws {
        let answer = try await ask(.get, "/api/v1/echo/broken")
        #expect(answer.status == 500)
        let error = try #require(answer.json?["error"])
        #expect(error["code"] == "SERVER_ERROR")
        #expect(error["message"]?.string?.contains("secret") == false)
        let id = try #require(error["details"]?["request_id"])
        let record = try #require(log.all.first { $0.level == .error })
        #expect(record.values["request_id"] == id)
        #expect(record.values["cause"] == "secret cause")
        #expect(record.values["handler"] == "echo")
    }

    @Test func `tells where a wrong path might have gone`() async throws {
        let unknown = try await ask(.get, "/api/v1/nothing?x=1")
        #expect(unknown.json?["error"]?["details"] == ["path": "/api/v1/nothing", "available": ["echo"]])
        let under = try await ask(.get, "/api/v1/echo/nothing")
        #expect(under.json?["error"]?["details"]?["endpoints"]?.array?.first == "POST /api/v1/echo/say")
    }

    @Test func `names the methods of a path in Allow, for 405 and for OPTIONS`() async throws {
        let refused = try await ask(.delete, "/api/v1/echo/item/1")
        #expect(refused.fields["Allow"] == "GET, HEAD, OPTIONS")
        let options = try await ask(.options, "/api/v1/echo/item/1")
        #expect(options.status == 204)
        #expect(options.fields["Allow"] == "GET, HEAD, OPTIONS")
        #expect(try await ask(.options, "*").status == 204)
    }

    @Test func `lists handlers with their endpoints and parameters, and not its own`() async throws {
        let listing = try await ask(.get, "/api/v1/handlers").json
        let handlers = try #require(listing?["handlers"]?.array)
        #expect(handlers.map { $0["name"] } == ["echo"])
        #expect(handlers[0]["base_path"] == "/echo")
        let endpoint = try #require(handlers[0]["endpoints"]?.array?.first)
        #expect(endpoint["method"] == "POST")
        #expect(endpoint["path"] == "/say")
        #expect(endpoint["parameters"]?.array?.map { $0["name"] } == ["text", "count"])
    }

    @Test func `says how it is, with what handlers add`() async throws {
        let health = try await ask(.get, "/api/v1/health").json
        #expect(health?["success"] == true)
        #expect(health?["status"] == "healthy")
        #expect(health?["uptime_seconds"] == 0)
        #expect(health?["handlers"] == ["echo"])
        #expect(health?["version"] == "1.2.3")
        #expect(health?["pid"] == 42)
        #expect(health?["echo"] == ["ready": true])
    }

    @Test(arguments: [("/api/v1/echo/item/1", true), ("/api/v1/echo/broken", true), ("/api/v1/echo/waiting", false)])
    func `answers without a task exactly where the endpoint awaits nothing`(target: String, isImmediate: Bool) throws {
        let service = try service()
        let head = RequestHead(method: .get, target: target)
        let client = ClientAddress(host: "127.0.0.1", serverPort: 80)
        guard case .proceed(let ticket, _) = service.admit(head, from: client) else {
            Issue.record("not admitted")
            return
        }
        let answer = service.answer(IncomingRequest(head: head, body: [], client: client, ticket: ticket))
        #expect((answer != nil) == isImmediate)
    }
}
