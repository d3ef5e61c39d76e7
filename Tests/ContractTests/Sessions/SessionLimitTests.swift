import RoostCore
import Testing

@Suite struct `Sessions are limited` {
    @Test func `in number, and one whose process is gone makes room`() async throws {
        try await withServer("--max-sessions", "2") { server in
            for name in ["a", "b", "a"] { expectSuccess(try await server.execute("1", in: name)) }
            let refused = try await server.execute("1", in: "c")
            let error = expectFailure(refused, 429, "QUEUE_FULL")
            #expect(error["details"]?["limit"] == "sessions")
            #expect(error["details"]?["maximum"] == 2)
            #expect(refused[field: "Retry-After"].flatMap { Int($0) } ?? 0 >= 1)
            #expect(refused["job_id"] == nil)
            #expect(try await server.get("/api/v1/python/jobs")["total"] == 3, "it makes no job")
            expectSuccess(try await server.execute("1"))
            #expect(try await server.endSession("a").status == 200)
            expectSuccess(try await server.execute("1", in: "c"))
            _ = try await server.execute("import os\nos._exit(1)", in: "b")
            expectSuccess(try await server.execute("1", in: "d"))
        }
    }

    @Test func `in idle time, and the next job is told`() async throws {
        try await withServer("--session-idle", "1") { server in
            let pid = try await server.execute("import os\nx = 1\nos.getpid()", in: "a")["result"]?.int ?? 0
            // One with a job is not idle.
            let long = try await server.start("import time\ntime.sleep(2.5)\n'x' in globals()", ["session": "b"])
            try await eventually("the session is over") { try await server.session("a") == nil }
            try await eventually("its process is gone") { !Files.exists("/proc/\(pid)/stat") }
            expectFailure(try await server.endSession("a"), 404, "SESSION_NOT_FOUND")
            let next = try await server.execute("'x' in globals()", in: "a")
            #expect(next["result"] == false)
            #expect(next["session_reset"] == true)
            try await server.wait(for: long, status: "completed")
            try await eventually("all are over") { try await server.sessions().isEmpty }
        }
    }

    @Test func `in what waits, like all jobs`() async throws {
        try await withServer("--workers", "2", "--max-queue", "1") { server in
            let running = try await server.start("import time\ntime.sleep(60)", ["session": "a"])
            try await server.wait(for: running, status: "running")
            for _ in 1...2 { _ = try await server.start("1", ["session": "a"]) }
            let refused = try await server.execute("1", in: "b")
            let error = expectFailure(refused, 429, "QUEUE_FULL")
            #expect(error["details"]?["limit"] == "queue")
            #expect(try await server.session("b") == nil)
            try await server.cancel(running)
        }
    }
}
