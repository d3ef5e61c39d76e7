import Glibc
import RoostCore
import Testing

@Suite struct `A server that stops` {
    @Test(arguments: [SIGTERM, SIGINT])
    func `removes its discovery file and exits with 0`(signal: Int32) async throws {
        try await withServer { server in
            expectSuccess(try await server.execute("1"))
            server.process.signal(signal)
            let ending = try await server.process.waitForEnd(within: .seconds(9))
            #expect(ending == .exit(0))
            #expect(!Files.exists(server.folder.discovery))
        }
    }

    @Test func `leaves a discovery file that is another's`() async throws {
        try await withServer { server in
            let other = #"{"version":1,"port":5,"pid":1,"project":"x","started_at":"2026-01-24T12:00:00.000Z","handlers":[]}"#
            try Files.write(server.folder.discovery, other)
            let ending = try await server.stop()
            #expect(ending == .exit(0))
            #expect(try Files.text(server.folder.discovery) == other)
        }
    }

    @Test func `lets a running job finish and refuses new ones`() async throws {
        let folder = try TemporaryFolder()
        try await Places.shared.hold {
            var server = try await ServerProcess(["--workers", "1", "--drain-seconds", "10"], in: folder)
            let stopping = server
            let id = "40000000-0000-4000-8000-000000000001"
            async let running = stopping.execute(
                "import time\nprint('on', flush=True)\ntime.sleep(2)\nprint('off')", ["job_id": .string(id)])
            try await eventually("the job runs") {
                try await stopping.get("/api/v1/python/job?id=\(id)")["job"]?["output"] == "on"
            }
            let other = "40000000-0000-4000-8000-000000000002"
            async let queued = stopping.execute("print('never')", ["job_id": .string(other)])
            try await eventually("another waits") {
                try await stopping.get("/api/v1/python/job?id=\(other)").status == 200
            }
            let open = try await blocking { try HTTPConnection(port: stopping.port) }
            let health = try await blocking {
                try open.send("GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
                return try open.receive(Deadline(in: .seconds(20)))
            }
            #expect(health.status == 200)
            stopping.process.signal(SIGTERM)
            try await eventually("new connections are refused") {
                (try? await stopping.get("/api/v1/health")) == nil
            }
            let refused = try await blocking {
                try open.send("POST \(ServerProcess.execute) HTTP/1.1\r\nHost: localhost\r\nContent-Length: 12\r\n\r\n{\"code\":\"1\"}")
                return try open.receive(Deadline(in: .seconds(20)))
            }
            expectFailure(refused, 503, "SERVER_STOPPED")
            #expect(refused[field: "Connection"]?.lowercased() == "close")
            let finished = try await running
            expectSuccess(finished)
            #expect(finished["output"] == "on\noff")
            let stopped = try await queued
            expectFailure(stopped, 503, "SERVER_STOPPED")
            #expect(stopped["job_id"] == .string(other))
            #expect(try await stopping.process.waitForEnd(within: .seconds(10)) == .exit(0))
            #expect(!Files.exists(folder.discovery))

            server = try await ServerProcess(in: folder)
            #expect(try await server.job(id)["status"] == "completed")
            #expect(try await server.job(id)["output"] == "on\noff")
            let job = try await server.job(other)
            #expect(job["status"] == "failed")
            #expect(job["error"]?["code"] == "SERVER_STOPPED")
            let list = try await server.get("/api/v1/python/jobs")
            #expect(list["total"] == 2, "a refused job is none")
            try await server.stop()
        }
    }

    @Test func `ends jobs that take longer than it waits`() async throws {
        let folder = try TemporaryFolder()
        try await Places.shared.hold {
            var server = try await ServerProcess(["--drain-seconds", "1"], in: folder)
            let stopping = server
            let id = "40000000-0000-4000-8000-000000000003"
            async let running = stopping.execute(
                "import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(60)", ["job_id": .string(id)])
            let process = try await eventually("the job prints") { () -> String? in
                let output = try await stopping.get("/api/v1/python/job?id=\(id)")["job"]?["output"]?.string
                return output?.isEmpty == false ? output : nil
            }
            stopping.process.signal(SIGTERM)
            let answer = try await running
            expectFailure(answer, 503, "SERVER_STOPPED")
            #expect(answer["job_id"] == .string(id))
            #expect(answer["output"] == .string(process))
            #expect(try await stopping.process.waitForEnd(within: .seconds(9)) == .exit(0))
            try await eventually("the job's process is gone", within: .seconds(20)) { !Files.exists("/proc/\(process)/stat") }
            server = try await ServerProcess(in: folder)
            let job = try await server.job(id)
            #expect(job["status"] == "failed")
            #expect(job["error"]?["code"] == "SERVER_STOPPED")
            #expect(job["output"] == .string(process))
            try await server.stop()
        }
    }

    @Test func `stops at once at a second signal`() async throws {
        try await withServer("--drain-seconds", "60") { server in
            let id = try await server.start("import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(60)")
            let job = try await eventually("the job prints") { () -> JSON? in
                let job = try await server.job(id)
                return job["output"]?.string?.isEmpty == false ? .some(job) : .none
            }
            server.process.signal(SIGTERM)
            try await eventually("new connections are refused") { (try? await server.get("/api/v1/health")) == nil }
            #expect(server.process.ending == nil, "it waits for the job")
            server.process.signal(SIGTERM)
            let ending = try await server.process.waitForEnd(within: .seconds(3))
            #expect(ending == .exit(1))
            let process = job["output"]?.string ?? ""
            try await eventually("the job's process is gone") { !Files.exists("/proc/\(process)/stat") }
        }
    }

    @Test func `leaves no process of its own`() async throws {
        try await withServer { server in
            let answer = try await server.execute("import os\nprint(os.getppid())")
            let parent = try #require(answer["output"]?.string)
            #expect(Files.exists("/proc/\(parent)/stat"))
            let ending = try await server.stop()
            #expect(ending == .exit(0))
            try await eventually("roost-python is gone", within: .seconds(20)) { !Files.exists("/proc/\(parent)/stat") }
        }
    }
}
