import RoostCore
import Testing

@Suite(.server("--examples", "--workers", "1")) struct `The example handlers` {
    @Test func `are listed with their endpoints`() async throws {
        let health = try await server.get("/api/v1/health")
        #expect(health["handlers"]?.array?.first == "python")
        #expect(Set((health["handlers"]?.array ?? []).compactMap(\.string)) == ["python", "code", "echo", "notes", "countdown"])
        let listing = try await server.get("/api/v1/handlers")
        let handlers = try #require(listing["handlers"]?.array)
        for (name, endpoints) in [
            "echo": ["POST /", "GET /text"],
            "notes": ["GET /", "POST /", "GET /{id}", "PUT /{id}", "DELETE /{id}"],
            "countdown": ["POST /start", "GET /job", "DELETE /job"],
        ] {
            let handler = try #require(handlers.first { $0["name"] == .string(name) })
            #expect(handler["base_path"] == .string("/" + name))
            let listed = (handler["endpoints"]?.array ?? []).map {
                "\($0["method"]?.string ?? "") \($0["path"]?.string ?? "")"
            }
            #expect(Set(listed) == Set(endpoints))
        }
        let file = try JSONParser.parse(try Files.read(try server.folder.discovery))
        #expect(file["handlers"] == health["handlers"])
        let error = expectFailure(try await server.get("/api/v1/nothing"), 404, "HANDLER_NOT_FOUND")
        #expect(error["details"]?["available"] == health["handlers"])
    }

    @Test func `echo what they get`() async throws {
        let sent = #"{"b":[1,2.5,null,true],"a":{"é":"🐓"},"big":9007199254740993}"#
        let answer = try await server.post("/api/v1/echo", text: sent)
        #expect(answer.status == 200)
        #expect(answer.text == sent)
        expectFailure(try await server.post("/api/v1/echo", text: "[1]"), 400, "INVALID_JSON")
        let text = try await server.get("/api/v1/echo/text?text=a%26b+%C3%A9&times=2")
        #expect(text.status == 200)
        #expect(text.text == "a&b éa&b é")
        #expect(text[field: "Content-Type"]?.hasPrefix("text/plain") == true)
        expectFailure(try await server.get("/api/v1/echo/text"), 400, "MISSING_PARAMETER")
        let error = expectFailure(
            try await server.get("/api/v1/echo/text?text=a&times=101"), 400, "INVALID_PARAMETER")
        #expect(error["details"]?["parameter"] == "times")
        #expect(error["details"]?["allowed"] == ["minimum": 1, "maximum": 100])
    }

    @Test func `count down as a job that can be followed and stopped`() async throws {
        let done = try await server.post("/api/v1/countdown/start", ["from": 3, "interval_ms": 1])
        #expect(done.status == 200, "\(done.text)")
        #expect(done["status"] == "completed")
        #expect(done["logs"] == ["3", "2", "1"])
        #expect(done["result"] == "lift-off")

        let started = try await server.post("/api/v1/countdown/start", ["from": 1000, "interval_ms": 100, "async": true])
        #expect(started.status == 202)
        let id = try #require(started["job_id"]?.string)
        #expect(started[field: "Location"] == .some("/api/v1/countdown/job?id=\(id)"))
        let running = try await eventually("it has counted a little") { () -> HTTPAnswer? in
            let answer = try await server.get("/api/v1/countdown/job?id=\(id)")
            return (answer["progress"]?.double ?? 0) > 0 ? answer : .none
        }
        #expect(running["status"] == "running")
        let python = try await server.execute("1")
        expectSuccess(python)
        let stopped = try await server.delete("/api/v1/countdown/job?id=\(id)")
        #expect(stopped.status == 200)
        #expect(stopped["previous_status"] == "running")
        #expect(try await server.get("/api/v1/countdown/job?id=\(id)")["status"] == "cancelled")
        expectFailure(try await server.delete("/api/v1/countdown/job?id=\(id)"), 400, "JOB_ALREADY_FINISHED")
        let other = try #require(python["job_id"]?.string)
        expectFailure(try await server.get("/api/v1/countdown/job?id=\(other)"), 404, "JOB_NOT_FOUND")
        expectFailure(try await server.post("/api/v1/countdown/start", [:]), 400, "MISSING_PARAMETER")
        expectFailure(try await server.post("/api/v1/countdown/start", ["from": 0]), 400, "INVALID_PARAMETER")
    }
}

@Suite struct `Notes` {
    @Test func `survive a restart`() async throws {
        let folder = try TemporaryFolder()
        try await Places.shared.hold {
            var server = try await ServerProcess(["--examples"], in: folder)
            let first = try await server.post("/api/v1/notes", ["title": "Milk", "text": "two é"])
            #expect(first.status == 201)
            #expect(first["note"]?["title"] == "Milk")
            #expect(isTimestamp(first["note"]?["created_at"]))
            let id = try #require(first["note"]?["id"]?.int)
            let second = try await server.post("/api/v1/notes", ["title": "Gone"])
            let gone = try #require(second["note"]?["id"]?.int)
            #expect(try await server.delete("/api/v1/notes/\(gone)").status == 200)
            let changed = try await server.request(
                "PUT", "/api/v1/notes/\(id)", body: Array(#"{"title":"Bread"}"#.utf8))
            #expect(changed.status == 200)
            #expect(try await server.stop() == .exit(0))

            server = try await ServerProcess(["--examples"], in: folder)
            let notes = try await server.get("/api/v1/notes")
            #expect(notes["total"] == 1)
            #expect(notes["notes"]?.array?.first == changed["note"])
            #expect(changed["note"]?["title"] == "Bread")
            expectFailure(try await server.get("/api/v1/notes/\(gone)"), 404, "NOTE_NOT_FOUND")
            expectFailure(try await server.get("/api/v1/notes/x"), 400, "INVALID_PARAMETER")
            expectFailure(try await server.post("/api/v1/notes", [:]), 400, "MISSING_PARAMETER")
            let wrong = try await server.request("PATCH", "/api/v1/notes/1")
            expectFailure(wrong, 405, "METHOD_NOT_ALLOWED")
            #expect(wrong[field: "Allow"]?.contains("PUT") == true)
            #expect(try await server.stop() == .exit(0))
        }
    }

    @Test func `are not there unless asked for`() async throws {
        _ = try await withServer { server in
            expectFailure(try await server.get("/api/v1/notes"), 404, "HANDLER_NOT_FOUND")
        }
    }
}
