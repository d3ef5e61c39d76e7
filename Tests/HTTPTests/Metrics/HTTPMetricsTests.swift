import RoostCore
import Testing

@testable import RoostHTTP

@Suite(.timeLimit(.minutes(5))) struct `Metrics of the HTTP server` {
    private struct Words: Handler {
        let name = "words"
        let description = "For tests"
        static let id = PathParameter<String>("id", "Any text")

        var endpoints: [Endpoint] {
            Endpoint(.get, "/word/{id}", "One", Self.id) { request in .text(try request[Self.id]) }
            Endpoint(.post, "/words", "Many") { _ in .noContent }
            Endpoint(.get, "/stream", "Chunks without an end") { _ in
                .stream(BodyStream(ChunkSource { $0 == 0 ? [1] : try await Self.forEver() }), contentType: "text/plain")
            }
        }

        static func forEver() async throws -> [UInt8]? {
            try await Task.sleep(for: .seconds(3600))
            return nil
        }
    }

    private func service() throws -> RoostService {
        var registry = HandlerRegistry()
        try registry.register(Words())
        let now: @Sendable () -> Timestamp = { Timestamp(milliseconds: 0) }
        let queue = JobQueue(store: InMemoryJobStore(), lanes: registry.lanes, logger: .silent, now: now)
        return try RoostService(
            registry: registry, queue: queue, info: ServerInfo(version: "1", processID: 1), maximumBody: 10,
            logger: .silent, now: now)
    }

    private func families(_ server: HTTPServer) async -> [String: MetricFamily] {
        Dictionary(uniqueKeysWithValues: await server.metrics().map { ($0.name, $0) })
    }

    private func number(_ family: MetricFamily?, _ labels: [String] = []) -> Double? {
        guard case .number(let number)? = family?.samples.first(where: { $0.labels.map(\.value) == labels })?.value
        else { return nil }
        return number
    }

    /// What is asked of the server after the requests, while it still runs.
    private func metrics(
        options: HTTPOptions = HTTPOptions(), of requests: @escaping @Sendable (TestServer) throws -> Void
    ) async throws -> [String: MetricFamily] {
        let (stream, continuation) = AsyncStream.makeStream(of: HTTPServer.self)
        try await TestServer.run(service(), options: options, loops: 2) { server in
            try requests(server)
            continuation.yield(server.server)
        }
        var iterator = stream.makeAsyncIterator()
        let server = await iterator.next()
        return await families(try #require(server))
    }

    @Test func `requests are counted by route, whatever their path, and by status`() async throws {
        let found = try await metrics { server in
            for index in 0..<10 {
                let client = try server.connect()
                #expect(try client.get("/api/v1/words/word/\(index)").status == 200)
                #expect(try client.get("/api/v1/nowhere/\(index)").status == 404)
                try client.send("POST /api/v1/words/words HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}")
                #expect(try client.readReply().status == 204)
                try client.send("POST /api/v1/words/words HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n{         }")
                #expect(try client.readReply().status == 413)
                try client.send("METHOD\(index) /api/v1/words/words HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try client.readReply().status == 405)
                try client.send("no request\r\n\r\n")
                #expect(try client.readReply().status == 400)
            }
        }
        let requests = found["roost_http_requests_total"]
        #expect(number(requests, ["GET", "/api/v1/words/word/{id}", "200"]) == 10)
        #expect(number(requests, ["GET", "none", "404"]) == 10)
        #expect(number(requests, ["POST", "/api/v1/words/words", "204"]) == 10)
        #expect(number(requests, ["POST", "/api/v1/words/words", "413"]) == 10)
        #expect(number(requests, ["other", "none", "405"]) == 10)
        // The route of the request before does not stick to the connection.
        #expect(number(requests, ["other", "none", "400"]) == 10)
        #expect(requests?.samples.count == 6)
        let durations = found["roost_http_request_duration_seconds"]
        for sample in durations?.samples ?? [] {
            guard case .histogram(let value) = sample.value else {
                Issue.record("no histogram")
                continue
            }
            let isTwice = ["/api/v1/words/words", "none"].contains(sample.labels[1].value)
            #expect(value.count == (isTwice && sample.labels[0].value != "GET" ? 20 : 10), "\(sample.labels)")
            #expect(value.sum > 0 && value.sum < 60)
        }
        #expect(durations?.samples.count == 4)
        #expect(number(found["roost_http_connections_accepted_total"]) == 10)
    }

    @Test func `streams are counted while they are open`() async throws {
        try await TestServer.run(service()) { server in
            let clients = try (0..<3).map { _ in try server.connect() }
            for client in clients {
                try client.send("GET /api/v1/words/stream HTTP/1.1\r\nHost: a\r\n\r\n")
            }
            #expect(eventually { server.server.openStreams == 3 })
            clients[0].reset()
            #expect(eventually { server.server.openStreams == 2 })
            for client in clients { client.close() }
            #expect(eventually { server.server.openStreams == 0 && server.server.connectionCount == 0 })
        }
    }

    @Test func `connections beyond the limit are counted as refused`() async throws {
        var options = HTTPOptions()
        options.maximumConnections = 1
        let found = try await metrics(options: options) { server in
            let first = try server.connect()
            #expect(try first.get("/api/v1/health").status == 200)
            let second = try server.connect()
            #expect(try second.readReply().status == 503)
        }
        #expect(number(found["roost_http_connections_refused_total"], ["limit"]) == 1)
        #expect(number(found["roost_http_connections_refused_total"], ["descriptors"]) == 0)
        #expect(number(found["roost_http_requests_total"], ["other", "none", "503"]) == 1)
    }
}
