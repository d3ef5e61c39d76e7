import RoostCore
import RoostHTTP

/// Everything that is measured.
enum Measurements {
    static let request = Array(
        """
        GET /api/v1/health?verbose=1 HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nUser-Agent: curl/8.5.0\r\n\
        Accept: application/json\r\nAccept-Encoding: gzip, deflate\r\nConnection: keep-alive\r\n\r\n
        """.utf8)

    static func all() throws -> [Measurement] {
        let service = try service()
        let client = ClientAddress(host: "127.0.0.1", serverPort: 8080)
        let heads = ["/api/v1/health", "/api/v1/bench/item/42"].map {
            RequestHead(method: .get, target: $0)
        }
        let value = try JSONParser.parse(Document.text)
        let response = Response.json(["success": true, "status": "healthy", "uptime_seconds": 12])
        var parser = RequestParser()
        var body: [UInt8] = []
        let exchanges = Exchanges(service)
        let date = Array("Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n".utf8)
        return [
            Measurement(name: "parser", bytes: request.count) {
                parser.feed(request[...])
                var events = 0
                while (try? parser.next(body: &body)) ?? nil != nil { events += 1 }
                return events
            },
            Measurement(name: "router literal") { admit(service, heads[0], client) },
            Measurement(name: "router parameter") { admit(service, heads[1], client) },
            Measurement(name: "encoder") {
                ResponseEncoder(response, version: .http11, isHead: false, keepsAlive: true).head(date: date)
                    .count
            },
            Measurement(name: "health answer") { answer(service, heads[0], client) },
            Measurement(name: "health exchange") { exchanges.run(request) },
            Measurement(name: "JSON parse", bytes: Document.text.count) {
                (try? JSONParser.parse(Document.text))?.object?.members.count ?? 0
            },
            Measurement(name: "JSON validate", bytes: Document.text.count) {
                (try? JSONParser.validate(Document.text)) == nil ? 0 : 1
            },
            Measurement(name: "JSON print", bytes: Document.text.count) { value.serialized().count },
        ]
    }

    private static func service() throws -> RoostService {
        var registry = HandlerRegistry()
        try registry.register(BenchHandler())
        let now: @Sendable () -> Timestamp = { Timestamp(milliseconds: 0) }
        let logger = Logger(level: .error) { _ in }
        return try RoostService(
            registry: registry,
            queue: JobQueue(
                store: InMemoryJobStore(), lanes: registry.lanes, limits: JobLimits(), logger: logger,
                now: now),
            info: ServerInfo(version: "0.1.0", processID: 1), logger: logger, now: now)
    }

    private static func admit(_ service: RoostService, _ head: RequestHead, _ client: ClientAddress) -> Int {
        if case .proceed(_, let maximum) = service.admit(head, from: client) { maximum } else { 0 }
    }

    private static func answer(_ service: RoostService, _ head: RequestHead, _ client: ClientAddress) -> Int {
        guard case .proceed(let ticket, _) = service.admit(head, from: client) else { return 0 }
        let incoming = IncomingRequest(head: head, body: [], client: client, ticket: ticket)
        guard case .bytes(let bytes)? = service.answer(incoming)?.body else { return 0 }
        return bytes.count
    }
}

/// Routes to find.
private struct BenchHandler: Handler {
    let name = "bench"
    let description = "Routes to find"
    static let id = PathParameter<String>("id", "Any")

    var endpoints: [Endpoint] {
        Endpoint(.get, "/item/{id}", "One item", Self.id) { request in .text(try request[Self.id]) }
        Endpoint(.get, "/items", "All items") { _ in .noContent }
    }
}
