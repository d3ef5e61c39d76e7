import RoostCore
import Testing

/// One handler behind the real router, validation and job queue, without a socket.
struct ExampleServer {
    let service: RoostService

    init(_ handler: any Handler) throws {
        var registry = HandlerRegistry()
        try registry.register(handler)
        let now: @Sendable () -> Timestamp = { Timestamp(milliseconds: 1_700_000_000_000) }
        let queue = JobQueue(store: InMemoryJobStore(), lanes: registry.lanes, logger: .silent, now: now)
        service = try RoostService(
            registry: registry, queue: queue, info: ServerInfo(version: "0", processID: 1), logger: .silent,
            now: now)
    }

    /// Sends a request below `/api/v1` and reads the answer.
    func send(
        _ method: HTTPMethod, _ target: String, _ body: String = ""
    ) async throws -> (status: Int, body: JSON, fields: HTTPFields) {
        let response = try await answer(method, target, body)
        return (response.status.code, (try? JSONParser.parse(try bytes(response))) ?? .null, response.fields)
    }

    /// The same, with the body as text.
    func text(_ method: HTTPMethod, _ target: String, _ body: String = "") async throws -> String {
        String(decoding: try bytes(try await answer(method, target, body)), as: UTF8.self)
    }

    private func answer(_ method: HTTPMethod, _ target: String, _ body: String) async throws -> Response {
        let head = RequestHead(method: method, target: "/api/v1" + target)
        let client = ClientAddress(host: "127.0.0.1", serverPort: 8080)
        switch service.admit(head, from: client) {
        case .respond(let response): return response
        case .proceed(let ticket, _):
            return await service.respond(
                to: IncomingRequest(head: head, body: Array(body.utf8), client: client, ticket: ticket))
        }
    }

    private func bytes(_ response: Response) throws -> [UInt8] {
        guard case .bytes(let bytes) = response.body else {
            Issue.record("an example streams")
            return []
        }
        return bytes
    }
}
