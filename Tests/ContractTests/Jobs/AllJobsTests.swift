import RoostCore
import Testing

/// The server's own endpoints about jobs, whatever handler they are of. Nothing else runs jobs here: counts are exact.
@Suite struct `Jobs of all handlers` {
    private static let jobs = "/api/v1/jobs"

    private func ids(_ answer: HTTPAnswer) -> [String] {
        (answer["jobs"]?.array ?? []).compactMap { $0["job_id"]?.string }
    }

    private func countdown(_ server: ServerProcess, from: Int, async: Bool = false) async throws -> String {
        let answer = try await server.post(
            "/api/v1/countdown/start", ["from": .int(from), "interval_ms": 10, "async": .bool(async)])
        return try #require(answer["job_id"]?.string, "\(answer.text)")
    }

    @Test func `are listed together and by handler`() async throws {
        try await withServer("--examples") { server in
            let python = try #require(try await server.execute("print('python')")["job_id"]?.string)
            let failed = try #require(try await server.execute("1/0")["job_id"]?.string)
            let code = try await server.post("/v1/code/execute/python", ["code": "return 1"])
            let coded = try #require(code["job_id"]?.string)
            let counted = try await countdown(server, from: 2)

            let all = try await server.get(Self.jobs)
            #expect(ids(all) == [counted, coded, failed, python])
            #expect(all["total"] == 4)
            #expect(all["success"] == true)
            for name in ["limit", "offset", "next_cursor"] { #expect(all[name] != nil, "\(name)") }
            #expect((all["jobs"]?.array ?? []).map { $0["handler"] } == ["countdown", "code", "python", "python"])

            for (query, expected) in [
                ("handler=countdown", [counted]), ("handler=python", [failed, python]), ("handler=code", [coded]),
                ("handler=nobody", []), ("handler=python&status=failed", [failed]),
                ("status=completed&order=asc", [python, coded, counted]), ("limit=1&offset=1", [coded]),
                ("client=127.0.0.1", [counted, coded, failed, python]), ("client=someone", []),
            ] {
                let answer = try await server.get(Self.jobs + "?" + query)
                #expect(answer.status == 200, "\(query)")
                #expect(ids(answer) == expected, "\(query)")
                if !query.contains("limit") { #expect(answer["total"] == .int(expected.count), "\(query)") }
            }
            let first = try await server.get(Self.jobs + "?limit=3")
            let cursor = try #require(first["next_cursor"]?.string)
            #expect(ids(try await server.get(Self.jobs + "?cursor=\(cursor)")) == [python])

            // The Python handler's list is the same, of its lane.
            #expect(ids(try await server.get("/api/v1/python/jobs")) == [coded, failed, python])
            #expect(ids(try await server.get("/api/v1/python/jobs?handler=code")) == [coded])
            #expect(ids(try await server.get("/api/v1/python/jobs?handler=countdown")) == [])
            expectFailure(try await server.get("/api/v1/python/job?id=\(counted)"), 404, "JOB_NOT_FOUND")
            #expect(
                try await server.get("/api/v1/job?id=\(python)").json
                    == server.get("/api/v1/python/job?id=\(python)").json)
        }
    }

    @Test func `are shown, followed, cancelled and removed`() async throws {
        try await withServer("--examples") { server in
            let id = try await countdown(server, from: 3)
            let job = try #require(try await server.get("/api/v1/job?id=\(id)")["job"])
            #expect(job["handler"] == "countdown")
            #expect(job["status"] == "completed")
            #expect(job["code"] == "3 every 10 ms")
            #expect(logs(job["logs"]) == [["info", "3"], ["info", "2"], ["info", "1"]])
            #expect(job["result"] == "lift-off")

            let events = try await server.get("/api/v1/job/events?id=\(id)")
            #expect(events[field: "content-type"] == "text/event-stream")
            for name in ["status", "log", "result", "done"] { #expect(events.text.contains("event: \(name)\n"), "\(name)") }
            let last = try #require(events.text.split(separator: "\n").last { $0.hasPrefix("id: ") }).dropFirst(4)
            let seen = try await server.request(
                "GET", "/api/v1/job/events?id=\(id)", fields: [("Last-Event-ID", String(last))])
            #expect(seen.status == 204)

            let running = try await countdown(server, from: 1000, async: true)
            try await eventually("it counts") {
                try await server.get("/api/v1/job?id=\(running)")["job"]?["status"] == "running"
            }
            let refused = expectFailure(
                try await server.delete("/api/v1/job?id=\(running)&mode=remove"), 400, "INVALID_PARAMETER")
            #expect(refused["details"]?["parameter"] == "mode")
            let cancelled = try await server.delete("/api/v1/job?id=\(running)")
            #expect(cancelled.status == 200)
            #expect(cancelled["message"] == "Job cancelled")
            #expect(cancelled["previous_status"] == "running")
            expectFailure(try await server.delete("/api/v1/job?id=\(running)&mode=cancel"), 400, "JOB_ALREADY_FINISHED")
            let removed = try await server.delete("/api/v1/job?id=\(running)")
            #expect(removed["message"] == "Job removed from history")
            expectFailure(try await server.get("/api/v1/job?id=\(running)"), 404, "JOB_NOT_FOUND")
            expectFailure(try await server.get("/api/v1/job/events?id=\(running)"), 404, "JOB_NOT_FOUND")
            expectFailure(try await server.get("/api/v1/job"), 400, "MISSING_PARAMETER")
            expectFailure(try await server.get("/api/v1/job?id=x"), 400, "INVALID_JOB_ID")
            expectFailure(try await server.post(Self.jobs, [:]), 405, "METHOD_NOT_ALLOWED")
        }
    }

    @Test func `are found by session, time and text`() async throws {
        try await withServer { server in
            let first = try #require(
                try await server.execute("print('heron at dawn')", ["session": "birds"])["job_id"]?.string)
            let second = try #require(try await server.execute("'kingfisher'\nprint('x')")["job_id"]?.string)
            let created = try #require(try await server.job(second)["created_at"]?.string)
            for path in [Self.jobs, "/api/v1/python/jobs"] {
                let bySession = try await server.get(path + "?session=birds")
                #expect(ids(bySession) == [first])
                #expect(bySession["total"] == 1)
                #expect(bySession["jobs"]?.array?.first?["session"] == "birds")
                #expect(ids(try await server.get(path + "?since=\(created)")).contains(second))
                #expect(!ids(try await server.get(path + "?until=\(created)")).contains(second), "the end is not in")
                #expect(ids(try await server.get(path + "?since=2999-01-01T00:00:00Z")) == [])
                #expect(ids(try await server.get(path + "?since=1970-01-01T00:00:00Z&until=2999-01-01T00:00:00.5Z")) == [second, first])
                // Text is made searchable in batches, behind the answer.
                for (word, id) in [("heron", first), ("kingfisher", second)] {
                    try await eventually("'\(word)' is found") {
                        ids(try await server.get(path + "?q=\(word)")) == [id]
                    }
                }
                #expect(ids(try await server.get(path + "?q=ostrich")) == [])
                let error = expectFailure(try await server.get(path + "?q=%21"), 400, "INVALID_PARAMETER")
                #expect(error["details"]?["parameter"] == "q")
            }
        }
    }

    @Test func `have times that are times`() async throws {
        try await withServer { server in
            for value in [
                "yesterday", "2026-02-30T00:00:00Z", "2026-01-24T12:00:00", "2026-01-24T24:00:00Z",
                "2026-01-24T12:00:00.Z", "2026-01-24%2012:00:00Z", "1e3", "1769256000000", "2026-01-24T12:00:00+01:00",
            ] {
                for (path, name) in [(Self.jobs, "since"), ("/api/v1/python/jobs", "until")] {
                    let error = expectFailure(
                        try await server.get("\(path)?\(name)=\(value)"), 400, "INVALID_PARAMETER")
                    #expect(error["details"]?["parameter"] == .string(name))
                    #expect(error["details"]?["allowed"]?.array?.first == "YYYY-MM-DDTHH:MM:SS[.mmm]Z")
                }
            }
        }
    }

    @Test func `are counted, with rates and durations`() async throws {
        try await withServer("--examples") { server in
            let empty = try await server.get(Self.jobs + "/stats")
            #expect(empty.status == 200)
            #expect(empty["total"] == 0)
            #expect(empty["by_status"]?["completed"] == 0)
            #expect(empty["last_hour"]?["duration_ms"] == ["p50": .null, "p90": .null, "p99": .null])

            for _ in 0..<3 { expectSuccess(try await server.execute("1")) }
            _ = try await server.execute("1/0")
            _ = try await countdown(server, from: 5)
            let running = try await countdown(server, from: 1000, async: true)
            try await eventually("it counts") {
                try await server.get("/api/v1/job?id=\(running)")["job"]?["status"] == "running"
            }
            let stats = try await server.get(Self.jobs + "/stats")
            #expect(stats["total"] == 6)
            #expect(
                stats["by_status"] == ["pending": 0, "running": 1, "completed": 4, "failed": 1, "cancelled": 0])
            #expect(
                stats["by_handler"]?["countdown"]
                    == ["pending": 0, "running": 1, "completed": 1, "failed": 0, "cancelled": 0])
            for name in ["last_hour", "last_day"] {
                let window = try #require(stats[name])
                #expect(isTimestamp(window["since"]) && isTimestamp(window["until"]))
                #expect(window["accepted"] == 6)
                #expect(window["finished"] == 5)
                #expect(window["failed"] == 1)
                #expect((window["finished_per_second"]?.double ?? 0) > 0)
                let python = try #require(window["by_handler"]?["python"])
                #expect(python["accepted"] == 4)
                let counted = try #require(window["by_handler"]?["countdown"]?["duration_ms"])
                for share in ["p50", "p90", "p99"] { #expect((counted[share]?.int ?? 0) >= 40, "\(counted)") }
            }
        }
    }

    @Test func `say that a deep offset is slower than a cursor`() async throws {
        try await withServer { server in
            #expect(try await server.get(Self.jobs + "?offset=100000")["hint"] == nil)
            for path in [Self.jobs, "/api/v1/python/jobs"] {
                let answer = try await server.get(path + "?offset=100001")
                #expect(answer.status == 200)
                #expect(answer["hint"]?.string?.contains("cursor") == true)
            }
        }
    }

    @Test func `have endpoints that are listed as the server's own`() async throws {
        try await withServer { server in
            let own = try #require(try await server.get("/api/v1/handlers")["server"])
            let listed = (own["endpoints"]?.array ?? []).map {
                "\($0["method"]?.string ?? "") \(own["base_path"]?.string ?? "")\($0["path"]?.string ?? "")"
            }
            for endpoint in [
                "GET /api/v1/health", "GET /api/v1/handlers", "GET /api/v1/jobs", "GET /api/v1/job",
                "GET /api/v1/jobs/stats", "GET /api/v1/job/events",
                "DELETE /api/v1/job",
            ] { #expect(listed.contains(endpoint), "\(endpoint)") }
        }
    }
}
