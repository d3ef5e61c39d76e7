import RoostCore
import RoostHTTP
import Testing

@Suite(.timeLimit(.minutes(5))) struct `Answers that need no task` {
    /// Answers at once, with a stream under `/stream`; a task is a mistake.
    private struct ImmediateService: HTTPService {
        func admit(_ head: RequestHead, from client: ClientAddress) -> Admission {
            .proceed(ticket: .none, maximumBody: 100)
        }

        func answer(_ incoming: IncomingRequest) -> Response? {
            guard incoming.head.target == "/stream" else {
                return .text("\(incoming.head.target) \(incoming.body.count)")
            }
            let chunks = AsyncStream<[UInt8]> { continuation in
                for chunk in ["one ", "two ", "three"] { continuation.yield(Array(chunk.utf8)) }
                continuation.finish()
            }
            return .stream(BodyStream(chunks), contentType: "text/plain")
        }

        func respond(to incoming: IncomingRequest) async -> Response {
            Issue.record("asked a second time")
            return .noContent
        }
    }

    @Test func `keep their order in a pipeline, with bodies and streams between them`() async throws {
        try await TestServer.run(ImmediateService()) { server in
            let client = try server.connect()
            try client.send(
                "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
                    + "GET /stream HTTP/1.1\r\nHost: a\r\n\r\nGET /4 HTTP/1.1\r\nHost: a\r\n\r\n")
            let replies = try (0..<4).map { _ in try client.readReply() }
            #expect(replies.map(\.body) == ["/1 0", "/2 3", "one two three", "/4 0"])
        }
    }

    @Test func `do not grow the stack, however many come at once`() async throws {
        try await TestServer.run(ImmediateService()) { server in
            let client = try server.connect()
            let count = 2000
            try client.send(String(repeating: "GET /x HTTP/1.1\r\nHost: a\r\n\r\n", count: count))
            for _ in 0..<count { #expect(try client.readReply().body == "/x 0") }
        }
    }
}
