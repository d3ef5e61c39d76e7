import RoostCore
import Testing

@Suite(.server("--workers", "4"), .serialized) struct `A job that is cancelled` {
    private func isAlive(_ process: String) -> Bool { Files.exists("/proc/\(process)/stat") }

    @Test(arguments: [
        "while True: pass", "time.sleep(1000)", "import ctypes\nctypes.PyDLL(None).sleep(1000)",
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        "import signal\nfor s in range(1, 32):\n    try: signal.signal(s, signal.SIG_IGN)\n    except OSError: pass\ntime.sleep(1000)",
    ])
    func `is gone within two seconds with all it started`(code: String) async throws {
        let server = try server
        let id = try await server.start(
            """
            import os, subprocess, time
            child = subprocess.Popen(['/bin/sleep', '1000'])
            stubborn = subprocess.Popen(['/bin/sh', '-c', 'trap "" TERM INT HUP; while :; do sleep 1; done'])
            print(f'{os.getpid()} {child.pid} {stubborn.pid}', flush=True)
            \(code)
            """, ["timeout": 300])
        let job = try await eventually("three process ids") { () -> JSON? in
            let job = try await server.job(id)
            return job["output"]?.string?.split(separator: " ").count == 3 ? .some(job) : .none
        }
        let processes = job["output"]?.string?.split(separator: " ").map(String.init) ?? []
        for process in processes { #expect(isAlive(process), "ids are those of the whole machine") }
        let answer = try await server.delete("/api/v1/python/job?id=\(id)")
        #expect(answer.status == 200)
        #expect(answer["message"] == "Job cancelled")
        #expect(answer.time < .milliseconds(2300), "2 s at most")
        let left = processes.compactMap { try? Files.text("/proc/\($0)/stat").prefix(40) }
        #expect(left.isEmpty, "nothing of it is left when the answer comes")
        let after = try await server.job(id)
        #expect(after["status"] == "cancelled")
        #expect(after["output"] == job["output"])
    }

    @Test func `answers the request that waits for it`() async throws {
        let server = try server
        let id = "00000000-0000-4000-8000-0000000000aa"
        async let waiting = server.execute("import time\nprint('part')\ntime.sleep(60)", ["job_id": .string(id)])
        try await eventually("the job prints") {
            try await server.get("/api/v1/python/job?id=\(id)")["job"]?["output"] == "part"
        }
        #expect(try await server.delete("/api/v1/python/job?id=\(id)").status == 200)
        let answer = try await waiting
        expectFailure(answer, 409, "JOB_CANCELLED")
        #expect(answer["job_id"] == .string(id))
        #expect(answer["output"] == "part")
        #expect(logs(answer["logs"]) == [["info", "part"]])
    }

    @Test func `cannot be cancelled twice but then be removed`() async throws {
        let id = try await server.start("import time\ntime.sleep(60)")
        try await server.wait(for: id, status: "running")
        #expect(try await server.delete("/api/v1/python/job?id=\(id)&mode=cancel")["message"] == "Job cancelled")
        let again = try await server.delete("/api/v1/python/job?id=\(id)&mode=cancel")
        let error = expectFailure(again, 400, "JOB_ALREADY_FINISHED")
        #expect(error["message"] == .string("Job '\(id)' is already cancelled and cannot be cancelled"))
        let removed = try await server.delete("/api/v1/python/job?id=\(id)")
        #expect(removed["message"] == "Job removed from history")
        #expect(removed["previous_status"] == "cancelled")
        expectFailure(try await server.delete("/api/v1/python/job?id=\(id)"), 404, "JOB_NOT_FOUND")
    }

    @Test(arguments: [("1", "completed"), ("1/0", "failed")])
    func `must not have finished when only a cancel is asked for`(code: String, status: String) async throws {
        let id = try #require(try await server.execute(code)["job_id"]?.string)
        let answer = try await server.delete("/api/v1/python/job?id=\(id)&mode=cancel")
        let error = expectFailure(answer, 400, "JOB_ALREADY_FINISHED")
        #expect(error["message"] == .string("Job '\(id)' is already \(status) and cannot be cancelled"))
        #expect(try await server.job(id)["status"] == .string(status))
    }

    @Test func `is not one whose client went away`() async throws {
        let server = try server
        let id = "00000000-0000-4000-8000-0000000000bb"
        let body = "{\"job_id\":\"\(id)\",\"code\":\"import time\\ntime.sleep(0.5)\\nprint('finished')\"}"
        try await server.connected { connection in
            try connection.send(
                "POST /api/v1/python/execute HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        }
        let job = try await eventually("the job is known and done") { () -> JSON? in
            let job = try await server.get("/api/v1/python/job?id=\(id)")["job"]
            return job?["status"] == "completed" ? job : .none
        }
        #expect(job["output"] == "finished")
    }

    @Test func `leaves no process behind when a job simply ends`() async throws {
        let answer = try await server.execute(
            "import os, subprocess\nchild = subprocess.Popen(['/bin/sleep', '1000'])\nprint(os.getpid(), child.pid)")
        expectSuccess(answer)
        let processes = try #require(answer["output"]?.string).split(separator: " ").map(String.init)
        #expect(processes.count == 2)
        try await eventually("both processes are gone") { !processes.contains(where: isAlive) }
    }
}
