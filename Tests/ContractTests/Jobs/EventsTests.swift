import RoostCore
import Testing

/// Contract §5, `GET /events`.
@Suite(.server("--workers", "4")) struct `The events of a job` {
    private struct Event: Equatable {
        var name = ""
        var id = ""
        var data: JSON?
    }

    /// Reads the whole stream.
    private static func events(
        _ server: ServerProcess, _ id: String, after last: String? = nil
    ) async throws -> [Event] {
        let fields = last.map { [("Last-Event-ID", $0)] } ?? []
        let answer = try await server.request("GET", "/api/v1/python/events?id=\(id)", fields: fields)
        #expect(answer.status == 200)
        #expect(answer[field: "content-type"] == "text/event-stream")
        return parse(answer.text)
    }

    private static func parse(_ text: String) -> [Event] {
        text.split(separator: "\n\n").compactMap { block in
            var event = Event()
            for line in block.split(separator: "\n") {
                if line.hasPrefix("event: ") { event.name = String(line.dropFirst(7)) }
                if line.hasPrefix("id: ") { event.id = String(line.dropFirst(4)) }
                if line.hasPrefix("data: ") { event.data = try? JSONParser.parse(Array(line.dropFirst(6).utf8)) }
            }
            return event.name.isEmpty ? nil : event
        }
    }

    private static func text(_ events: some Sequence<Event>, _ name: String) -> String {
        events.filter { $0.name == name }.compactMap { $0.data?["text"]?.string }.joined()
    }

    @Test func `come with an id each and end after done`() async throws {
        let server = try server
        let id = try await server.start(
            "import sys\nprint('one')\nprint('no', file=sys.stderr)\nunreal.log_warning('w')\n6*7")
        let events = try await Self.events(server, id)
        #expect(events.allSatisfy { !$0.id.isEmpty && $0.data?.object != nil })
        #expect(
            events.filter { $0.name == "status" }.map { $0.data?["status"] } == ["pending", "running", "completed"])
        #expect(Self.text(events, "stdout") == "one\n")
        #expect(Self.text(events, "stderr") == "no\n")
        #expect(
            events.contains { $0.name == "log" && $0.data?["level"] == "warning" && $0.data?["message"] == "w" })
        #expect(events.first { $0.name == "result" }?.data == ["result": 42])
        #expect(events.last?.name == "done")
        #expect(events.last?.data == (try await server.get("/api/v1/python/job?id=\(id)"))["job"])
    }

    @Test func `come while the job runs`() async throws {
        let server = try server
        let folder = try TemporaryFolder()
        let signal = folder.scratch + "/go"
        // The job goes on only when the test has seen its first line.
        let id = try await server.start(
            "import os, time\nprint('one', flush=True)\nwhile not os.path.exists('\(signal)'): time.sleep(0.01)\nprint('two')")
        let text = try await blocking {
            let deadline = Deadline(in: .seconds(30))
            let connection = try HTTPConnection(port: server.port)
            try connection.send("GET /api/v1/python/events?id=\(id) HTTP/1.1\r\nHost: localhost\r\n\r\n")
            try connection.wait(for: #""text":"one"#, deadline)
            try Files.write(signal, "")
            return try connection.receive(deadline).text
        }
        let events = Self.parse(text)
        #expect(Self.text(events, "stdout") == "one\ntwo\n")
        #expect(events.last?.name == "done")
    }

    @Test func `go on after the last one that was seen, and a client that saw done is told to stop`() async throws {
        let server = try server
        let id = try #require(try await server.execute("for i in range(3): print(i)")["job_id"]?.string)
        let all = try await Self.events(server, id)
        for (index, event) in all.dropLast().enumerated() {
            let rest = try await Self.events(server, id, after: event.id)
            #expect(rest.last?.name == "done")
            #expect(Self.text(all[...index], "stdout") + Self.text(rest, "stdout") == "0\n1\n2\n")
            #expect(rest.count == all.count - index - 1)
        }
        let over = try await server.request(
            "GET", "/api/v1/python/events?id=\(id)", fields: [("Last-Event-ID", all.last?.id ?? "")])
        #expect(over.status == 204)
    }

    @Test func `can be replayed after a restart, and a client goes on where it was`() async throws {
        let folder = try TemporaryFolder()
        try await Places.shared.hold {
            var server = try await ServerProcess(in: folder)
            let id = try #require(try await server.execute("print('é'); print('b')")["job_id"]?.string)
            let before = try await Self.events(server, id)
            try await server.stop()
            server = try await ServerProcess(in: folder)
            let after = try await Self.events(server, id)
            #expect(Self.text(after, "stdout") == "é\nb\n")
            #expect(after.last?.data == before.last?.data)
            let running = try #require(before.first { $0.data?["status"] == "running" })
            #expect(Self.text(try await Self.events(server, id, after: running.id), "stdout") == "é\nb\n")
            try await server.stop()
        }
    }

    @Test func `of a job that is cancelled end with it`() async throws {
        let server = try server
        let id = try await server.start("print('on', flush=True)\nwhile True: pass")
        _ = try await server.wait(for: id, output: "on")
        async let events = Self.events(server, id)
        try await server.cancel(id)
        let told = try await events
        #expect(told.last?.name == "done")
        #expect(told.last?.data?["status"] == "cancelled")
    }

    @Test func `of no job are an error`() async throws {
        let server = try server
        expectFailure(
            try await server.get("/api/v1/python/events?id=a1b2c3d4-e5f6-7890-abcd-ef1234567890"), 404, "JOB_NOT_FOUND")
        expectFailure(try await server.get("/api/v1/python/events?id=x"), 400, "INVALID_JOB_ID")
        expectFailure(try await server.get("/api/v1/python/events"), 400, "MISSING_PARAMETER")
    }
}
