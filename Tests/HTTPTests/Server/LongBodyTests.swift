import Glibc
import RoostCore
import RoostEventLoop
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(10))) struct `A long body of JSON` {
    private struct Sink: Handler {
        let name = "sink"
        let description = "Takes bodies"
        static let text = BodyParameter<String>("text", "Any", default: "")

        var endpoints: [Endpoint] {
            Endpoint(.post, "/now", "Awaits nothing", Self.text) { request in
                .json(["count": .int(try request[Self.text].utf8.count)])
            }
            Endpoint(.post, "/later", "May await", Self.text) { request in
                await Task.yield()
                return .json(["count": .int(try request[Self.text].utf8.count)])
            }
        }
    }

    private static func service(returnMemory: @escaping @Sendable () -> Void = {}) throws -> RoostService {
        var registry = HandlerRegistry()
        try registry.register(Sink())
        let queue = JobQueue(
            store: InMemoryJobStore(), lanes: registry.lanes, logger: .silent, now: { Timestamp(milliseconds: 0) })
        return try RoostService(
            registry: registry, queue: queue, info: ServerInfo(version: "1", processID: 1), logger: .silent,
            now: { Timestamp(milliseconds: 0) }, returnMemory: returnMemory)
    }

    private static func body(count: Int) -> String { "{\"text\":\"\(String(repeating: "x", count: count))\"}" }

    /// Takes turns on a loop for as long as it may.
    private final class Turns: Sendable {
        let count = Atomic(0)
        let done = Atomic(false)

        func take(on loop: EventLoop) {
            count.wrappingAdd(1, ordering: .relaxed)
            guard !done.load(ordering: .relaxed) else { return }
            loop.execute { [self] in take(on: loop) }
        }
    }

    /// What is answered on a loop, and how many turns somebody else had there meanwhile.
    private func ask(
        _ path: String, _ body: String, _ service: RoostService
    ) async throws -> (response: Response, turns: Int) {
        let incoming = try Self.incoming(path, body, service)
        let loop = try EventLoop(name: "test")
        try loop.start()
        defer { loop.stop() }
        let turns = Turns()
        let response = await withCheckedContinuation { continuation in
            loop.execute {
                Task(executorPreference: loop) {
                    let response = await service.respond(to: incoming)
                    turns.done.store(true, ordering: .relaxed)
                    continuation.resume(returning: response)
                }
                turns.take(on: loop)
            }
        }
        return (response, turns.count.load(ordering: .relaxed))
    }

    private static func incoming(
        _ path: String, _ body: String, _ service: RoostService
    ) throws -> IncomingRequest {
        let head = RequestHead(method: .post, target: "/api/v1/sink/\(path)")
        let client = ClientAddress(host: "127.0.0.1", serverPort: 80)
        guard case .proceed(let ticket, _) = service.admit(head, from: client) else {
            throw HandlerMistake("not admitted")
        }
        return IncomingRequest(head: head, body: Array(body.utf8), client: client, ticket: ticket)
    }

    /// The turns that a task takes to be moved about; what is read meanwhile leaves time for far more.
    private static let few = 100

    @Test(arguments: ["now", "later"]) func `is not read on the event loop`(path: String) async throws {
        let service = try Self.service()
        // Again, if the loop's thread had no processor while the body was read.
        for _ in 0..<100 {
            let (response, turns) = try await ask(path, Self.body(count: 1_000_000), service)
            #expect(response.jsonBody == ["count": 1_000_000])
            if turns > Self.few { return }
        }
        Issue.record("nobody else had a turn on the loop")
    }

    @Test func `a short one is read where it came`() async throws {
        let service = try Self.service()
        let (response, turns) = try await ask("later", Self.body(count: 1000), service)
        #expect(response.jsonBody == ["count": 1000])
        #expect(turns <= Self.few)
        #expect(service.answer(try Self.incoming("now", Self.body(count: 1000), service)) != nil)
        #expect(service.answer(try Self.incoming("now", Self.body(count: 100_000), service)) == nil)
    }

    @Test(
        arguments: ["now", "later"],
        [("{", "INVALID_JSON"), ("[]", "INVALID_JSON"), ("{\"text\":1}", "INVALID_PARAMETER")])
    func `is refused as a short one is`(path: String, text: (body: String, code: String)) async throws {
        let body = String(repeating: " ", count: 100_000) + text.body
        let (response, _) = try await ask(path, body, Self.service())
        #expect(response.status == .badRequest)
        #expect(response.jsonBody?["error"]?["code"] == .string(text.code))
    }

    @Test func `its memory is given back when it was very long`() async throws {
        let returned = Signal()
        let service = try Self.service { returned.fire() }
        _ = try await ask("later", Self.body(count: 2_000_000), service)
        await returned.wait()
    }

    @Test func `of a megabyte and 100,000 levels is refused through a socket, and its connection goes on`() async throws {
        try await TestServer.run(Self.service()) { server in
            let deep = "{\"text\":" + String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
            let body = deep + String(repeating: " ", count: 1_000_000 - deep.utf8.count) + "}"
            let client = try server.connect()
            try client.send(
                "POST /api/v1/sink/now HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
            let reply = try client.readReply()
            #expect(reply.status == 400)
            #expect(reply.body.contains("INVALID_JSON") && reply.body.contains("more than 128 levels deep"))
            #expect(try client.get("/api/v1/health").status == 200)
        }
    }

    @Test func `takes memory for its values once`() async {
        await #expect(processExitsWith: .success) {
            let count = 1_500_000
            let zeros = Array("[\(String(repeating: "0,", count: count - 1))0]".utf8)
            let deep = [UInt8](repeating: UInt8(ascii: "["), count: 1 << 20)
            let before = peakBytes()
            if (try? JSONParser.parse(deep)) != nil || (try? JSONParser.validate(deep)) != nil { exit(2) }
            if peakBytes() - before > 2_000_000 { exit(3) }
            // 36 MB of values; a list that doubles and moves has 60 MB.
            if try JSONParser.parse(zeros).array?.count != count { exit(4) }
            exit(peakBytes() - before < 44_000_000 ? 0 : 5)
        }
    }
}

extension Response {
    fileprivate var jsonBody: JSON? {
        guard case .bytes(let bytes) = body else { return nil }
        return try? JSONParser.parse(bytes)
    }
}

/// The most memory this program has had so far; `getrusage` would count what forked it, too.
private func peakBytes() -> Int {
    let file = unsafe open("/proc/self/status", O_RDONLY)
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    guard case .bytes(let count) = try? NonBlocking.read(file, into: &bytes) else { return 0 }
    let line = String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return (line.flatMap { Int($0.filter(\.isNumber)) } ?? 0) * 1024
}
