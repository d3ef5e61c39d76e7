import RoostCore
import Testing

/// `progress` in `GET /job` and `GET /events`.
@Suite(.server("--workers", "4")) struct `The progress of a job` {
    /// The data of the events of this name, as they stand in the stream.
    private static func events(_ text: String, _ name: String) -> [JSON] {
        text.split(separator: "\n\n").compactMap { block in
            let lines = block.split(separator: "\n")
            guard lines.contains("event: \(name)"), let data = lines.first(where: { $0.hasPrefix("data: ") }) else {
                return nil
            }
            return try? JSONParser.parse(Array(data.dropFirst(6).utf8))
        }
    }

    @Test func `is shown while it runs, in its events, and after its end`() async throws {
        let server = try server
        let folder = try TemporaryFolder()
        let go = folder.scratch + "/go"
        let id = try await server.start(
            """
            import os, roost, time, unreal
            roost.progress(0.25, 'a quarter')
            while not os.path.exists('\(go)'): time.sleep(0.01)
            with unreal.ScopedSlowTask(4, 'rest') as task:
                task.enter_progress_frame(2)
                task.enter_progress_frame(1, 'most')
                raise SystemExit(3)
            """)
        let target = "/api/v1/python/events?id=\(id)"
        let running = try await eventually("progress of the running job") { () -> JSON? in
            let job = try await server.job(id)
            return job["progress"] == .null ? .none : .some(job)
        }
        #expect(running["progress"] == ["fraction": 0.25, "message": "a quarter"])
        let port = server.port
        async let live = blocking {
            let connection = try HTTPConnection(port: port)
            try connection.send("GET \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            try connection.wait(for: "a quarter", Deadline(in: .seconds(60)))
            try Files.write(go, "")
            return try connection.receive(Deadline(in: .seconds(60)))
        }
        let seen = Self.events(try await live.text, "progress")
        #expect(seen.first?["fraction"] == 0.25)
        #expect(seen.last?["fraction"] == 0.5, "\(seen)")
        #expect(seen.last?["message"] == "most")
        #expect(seen.allSatisfy { keys($0) == ["fraction", "message", "timestamp"] && isTimestamp($0["timestamp"]) })

        let ended = try await server.wait(for: id, status: "failed")
        #expect(ended["progress"] == ["fraction": 0.5, "message": "most"])
        let replay = try await server.get(target)
        #expect(Self.events(replay.text, "progress").map { $0["fraction"] } == [0.5])
        #expect(Self.events(replay.text, "done").first?["progress"] == ended["progress"])
    }

    @Test func `is null for a job that says nothing`() async throws {
        let server = try server
        let id = try #require(try await server.execute("1")["job_id"]?.string)
        #expect(try await server.job(id)["progress"] == .null)
    }

    @Test func `floods nobody, however often it is reported`() async throws {
        let server = try server
        let id = try await server.start("import roost\nfor i in range(300_000): roost.progress(i / 300_000)\nroost.progress(1)")
        let live = try await server.get("/api/v1/python/events?id=\(id)")
        let seen = Self.events(live.text, "progress")
        #expect(seen.count < 3000, "\(seen.count) events")
        #expect(seen.last?["fraction"] == 1)
        #expect(seen.allSatisfy { $0["fraction"]?.double.map { (0...1).contains($0) } == true })
    }
}

/// Without a server of the suite's: a test that holds a place and waits for another can wait for ever.
@Suite struct `The progress of a finished job` {
    @Test func `survives a restart`() async throws {
        let folder = try TemporaryFolder()
        let id = try await withServer(in: folder) { server in
            let answer = try await server.execute("roost.progress(0.5, 'then nothing')\nraise ValueError")
            return try #require(answer["job_id"]?.string)
        }
        try await withServer(in: folder) { server in
            let job = try await server.job(id)
            #expect(job["progress"] == ["fraction": 0.5, "message": "then nothing"])
        }
    }
}
