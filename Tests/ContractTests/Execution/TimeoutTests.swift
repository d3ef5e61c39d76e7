import RoostCore
import Testing

@Suite(.serialized) struct `A job that takes too long` {
    /// Further ways of not ending: `Abuse.time`.
    @Test(arguments: ["while True: pass", "import time\ntime.sleep(60)", "import ctypes\nctypes.PyDLL(None).sleep(60)"])
    func `is ended in time with what it printed`(code: String) async throws {
        try await withServer("--workers", "2") { server in
            // The first job of a server may meet a worker that is still warming up.
            _ = try await server.execute("1")
            let answer = try await server.execute("print('before')\n" + code, ["timeout": 1])
            let error = expectFailure(answer, 504, "TIMEOUT")
            #expect(answer.time < .milliseconds(2500))
            #expect(answer.time >= .milliseconds(950))
            #expect(answer["output"] == "before")
            #expect(logs(answer["logs"])?.first == ["info", "before"])
            let milliseconds = try #require(answer["duration_ms"]?.int)
            #expect((950..<2500).contains(milliseconds))
            #expect(error["code"] == "TIMEOUT")
            let job = try await server.job(#require(answer["job_id"]?.string))
            #expect(job["status"] == "failed")
            #expect(job["error"]?["code"] == "TIMEOUT")
            #expect(job["output"] == "before")
            expectSuccess(try await server.execute("1"))
        }
    }

    @Test func `can clean up and is still a timeout`() async throws {
        try await withServer { server in
            let cleaned = try await server.execute(
                "import time\ntry:\n    time.sleep(60)\nfinally:\n    print('cleaned')", ["timeout": 1])
            expectFailure(cleaned, 504, "TIMEOUT")
            #expect(cleaned["output"] == "cleaned")
            for ending in ["pass", "raise SystemExit(0)", "1/0", "import os; os._exit(0)"] {
                let answer = try await server.execute(
                    "import time\nprint('a', flush=True)\ntry:\n    time.sleep(60)\nexcept BaseException:\n    \(ending)", ["timeout": 1])
                expectFailure(answer, 504, "TIMEOUT")
                #expect(answer["output"] == "a")
            }
        }
    }

    @Test func `has a clock that starts when it starts`() async throws {
        try await withServer("--workers", "1") { server in
            let first = try await server.start("import time\ntime.sleep(2)")
            try await server.wait(for: first, status: "running")
            let answer = try await server.execute("print('in time')", ["timeout": 1])
            expectSuccess(answer)
            #expect(answer["output"] == "in time")
            #expect((answer["duration_ms"]?.int ?? .max) < 1000, "waiting is not executing")
        }
    }

    @Test func `does not disturb its neighbours`() async throws {
        try await withServer("--workers", "3") { server in
            async let slow = server.execute("while True: pass", ["timeout": 1])
            async let sleeping = server.execute("import ctypes\nctypes.PyDLL(None).sleep(60)", ["timeout": 1])
            let neighbour = try await server.execute("import time\ntime.sleep(2)\nprint('fine')")
            expectSuccess(neighbour)
            #expect(neighbour["output"] == "fine")
            expectFailure(try await slow, 504, "TIMEOUT")
            expectFailure(try await sleeping, 504, "TIMEOUT")
        }
    }
}
