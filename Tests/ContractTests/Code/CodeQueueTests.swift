import Glibc
import RoostCore
import Testing

@Suite struct `The code handler of a busy server` {
    @Test func `refuses the third of three long jobs`() async throws {
        try await withServer("--workers", "1", "--max-queue", "1") { server in
            let long = "import time\ntime.sleep(60)"
            let prefer = [("Prefer", "respond-async")]
            let running = try #require(try await server.run(long, fields: prefer)["job_id"]?.string)
            try await server.wait(for: running, status: "running")
            let waiting = try await server.run(long, fields: prefer)
            #expect(waiting.status == 202)
            #expect(waiting["queue_length"] == 1)
            #expect(waiting["max_queue_length"] == 1)
            let refused = try await server.run(long, ["id": "third"])
            #expect(refused.status == 429)
            #expect(refused["code"] == 429)
            #expect(refused["id"] == "third")
            #expect(refused["job_id"] == .null)
            #expect(refused["message"] == "MAX_QUEUE_LENGTH (1) reached")
            #expect(refused["queue_length"] == 1)
            #expect(refused["build_number"]?.string != nil)
            #expect(refused[field: "Retry-After"].flatMap { Int($0) }.map { $0 >= 1 } == true)
            // One queue for both handlers.
            expectFailure(try await server.execute("1"), 429, "QUEUE_FULL")
        }
    }

    @Test func `tells who waits that the server stops`() async throws {
        try await withServer("--workers", "1", "--drain-seconds", "0") { server in
            // One write: `print` makes two, and the stop may come between them.
            async let waiting = server.run("import sys, time\nsys.stdout.write('on\\n')\ntime.sleep(60)")
            try await eventually("the job runs") {
                let jobs = try await server.get("/api/v1/python/jobs?status=running")["jobs"]?.array ?? []
                guard let id = jobs.first?["job_id"]?.string else { return false }
                return try await server.job(id)["output"] == "on"
            }
            server.process.signal(SIGTERM)
            expectCodeFailure(try await waiting, 503, "The server is stopping", exitCode: 143, stdout: "on\n")
            #expect(try await server.process.waitForEnd() == .exit(0))
        }
    }
}
