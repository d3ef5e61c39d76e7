import Glibc
import RoostCore
import Testing

extension ServerProcess {
    func execute(_ code: String, in session: String, _ more: JSONObject = [:]) async throws -> HTTPAnswer {
        var more = more
        more["session"] = .string(session)
        return try await execute(code, more)
    }

    func sessions() async throws -> [JSON] {
        try #require(try await get("/api/v1/python/sessions")["sessions"]?.array)
    }

    func session(_ name: String) async throws -> JSON? { try await sessions().first { $0["id"] == .string(name) } }

    func endSession(_ name: String) async throws -> HTTPAnswer { try await delete("/api/v1/python/session?id=\(name)") }
}

@Suite(.server("--workers", "2", "--max-sessions", "1000"), .serialized) struct `A session` {
    @Test func `keeps its variables, imports and working directory`() async throws {
        let server = try server
        let first = try await server.execute(
            "import os, json\nx = [1]\ndef f(): return len(x)\nos.mkdir('d'); os.chdir('d')\nos.getcwd()", in: "keeps")
        let second = try await server.execute("x.append(json.loads('2'))\nprint(f(), os.getcwd())", in: "keeps")
        expectSuccess(second)
        #expect(second["output"] == .string("2 \(try #require(first["result"]?.string))"))
        #expect(second["session_reset"] == nil)
        #expect(try await server.execute("'x' in globals()")["result"] == false, "other jobs do not see it")
        #expect(try await server.execute("'x' in globals()", in: "keeps-other")["result"] == false)
        let folder = try #require(first["result"]?.string)
        #expect(Files.exists(folder))
        _ = try await server.endSession("keeps")
        try await eventually("its folder is gone") { !Files.exists(folder) }
    }

    @Test(arguments: [
        "os.close(1)", "os.close(2)", "os.dup2(1, 2)", "os.dup2(os.open('taken', os.O_CREAT | os.O_WRONLY), 1)",
        "os.write(1, b'x' * 70000); os.set_blocking(1, False)",
    ])
    func `whatever a job does to its outputs, the next one has its own`(_ sabotage: String) async throws {
        let server = try server
        _ = try await server.execute("import os, sys\n" + sabotage, in: "outputs")
        for _ in 0..<2 {
            let next = try await server.execute("print('out'); print('err', file=sys.stderr)", in: "outputs")
            expectSuccess(next)
            #expect(next["output"] == "out" && next["stderr"] == "err\n")
            #expect(next["session_reset"] == nil)
        }
    }

    @Test func `a job's output is not told with the next job's`() async throws {
        let server = try server
        _ = try await server.execute("import os, signal, sys", in: "between")
        // A child that writes until it is killed with its job, and so after its job's end.
        let code = """
            if os.fork() == 0:
                while True: os.write(1, b'late')
            print('first')
            """
        for _ in 0..<3 {
            expectSuccess(try await server.execute(code, in: "between"))
            let next = try await server.execute("print('second')", in: "between")
            #expect(next["output"] == "second")
        }
    }

    @Test func `is shown in its jobs and makes part of what a job is`() async throws {
        let id = "00000000-0000-4000-8000-00000000005e"
        let members: JSONObject = ["job_id": .string(id)]
        let first = try await server.execute("n = globals().get('n', 0) + 1\nn", in: "same", members)
        #expect(first["result"] == 1)
        let again = try await server.execute("n = globals().get('n', 0) + 1\nn", in: "same", members)
        #expect(again["result"] == 1)
        #expect(again["duration_ms"] == first["duration_ms"])
        #expect(try await server.job(id)["session"] == "same")
        for session in ["other", nil] {
            var other = members
            other["session"] = session.json
            expectFailure(
                try await server.execute("n = globals().get('n', 0) + 1\nn", other), 409, "JOB_CONFLICT")
        }
        #expect(try await server.session("other") == nil)
        #expect(try await server.job(#require(try await server.execute("1")["job_id"]?.string))["session"] == .null)
    }

    @Test func `ends no earlier than its code says so`() async throws {
        let exit = try await server.execute("y = 1\nimport sys\nsys.exit(2)", in: "exits")
        #expect(expectFailure(exit, 500, "PYTHON_RUNTIME_ERROR")["message"] == "SystemExit: 2")
        expectSuccess(try await server.execute("import sys\nsys.exit()", in: "exits"))
        expectFailure(try await server.execute("1/0", in: "exits"), 500, "PYTHON_RUNTIME_ERROR")
        expectFailure(try await server.execute("def", in: "exits"), 400, "PYTHON_SYNTAX_ERROR")
        let after = try await server.execute("y", in: "exits")
        #expect(after["result"] == 1)
        #expect(after["session_reset"] == nil)
    }

    @Test func `runs one job at a time in order of arrival, and those that wait occupy no worker`() async throws {
        let server = try server
        _ = try await server.execute("seen = []", in: "order")
        // There a job may look, whoever it runs as.
        let gate = server.folder.scratch + "/gate"
        let first = try await server.start(
            "import os, time\nwhile not os.path.exists('\(gate)'): time.sleep(0.01)\nseen.append(0)", ["session": "order"])
        try await server.wait(for: first, status: "running")
        var ids: [String] = []
        for number in 1...6 { ids.append(try await server.start("seen.append(\(number))", ["session": "order"])) }
        #expect(try await server.session("order")?["busy"] == true)
        expectSuccess(try await server.execute("'a worker is free'"))
        expectSuccess(try await server.execute("'and for a session'", in: "order-other"))
        for id in ids { #expect(try await server.job(id)["status"] == "pending") }
        #expect(try await server.get("/api/v1/health")["python"]?["busy"] == 1)
        try Files.write(gate, "")
        #expect(try await server.execute("seen", in: "order")["result"] == [0, 1, 2, 3, 4, 5, 6])
        #expect(try await server.session("order")?["busy"] == false)
    }

    @Test func `is listed`() async throws {
        _ = try await server.execute("1", in: "listed.A_b-1")
        _ = try await server.execute("2", in: "listed.A_b-1")
        let session = try #require(try await server.session("listed.A_b-1"))
        #expect(keys(session) == ["busy", "created_at", "id", "jobs", "last_used_at"])
        #expect(session["jobs"] == 2)
        #expect(session["busy"] == false)
        #expect(isTimestamp(session["created_at"]))
        #expect(isTimestamp(session["last_used_at"]))
        let count = try await server.sessions().count
        #expect(try await server.get("/api/v1/health")["python"]?["sessions"] == .int(count))
        let paths = try await server.get("/api/v1/handlers").text
        #expect(paths.contains("\"/sessions\"") && paths.contains("\"/session\""))
    }

    @Test func `is ended by name with its jobs`() async throws {
        let server = try server
        let running = "00000000-0000-4000-8000-0000000000e1"
        async let answer = server.execute(
            "import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(60)", in: "ended", ["job_id": .string(running)])
        let output = try await eventually("the job prints") {
            try await server.get("/api/v1/python/job?id=\(running)")["job"]?["output"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        }
        var waiting: [String] = []
        for _ in 1...3 { waiting.append(try await server.start("open('/nowhere')", ["session": "ended"])) }
        let ended = try await server.endSession("ended")
        #expect(ended.status == 200)
        #expect(ended.json == ["success": true, "id": "ended", "message": "Session ended"])
        #expect(ended.time < .milliseconds(2500))
        expectFailure(try await answer, 409, "JOB_CANCELLED")
        for id in [running] + waiting { #expect(try await server.job(id)["status"] == "cancelled") }
        try await eventually("its process is gone") { !Files.exists("/proc/\(output)/stat") }
        expectFailure(try await server.endSession("ended"), 404, "SESSION_NOT_FOUND")
        #expect(try await server.session("ended") == nil)
        let fresh = try await server.execute("'os' in globals()", in: "ended")
        #expect(fresh["result"] == false)
        #expect(fresh["session_reset"] == nil, "whoever ended it knows")
    }

    @Test func `that is unknown cannot be ended, and one has to be named`() async throws {
        let unknown = try await server.endSession("nobody")
        let error = expectFailure(unknown, 404, "SESSION_NOT_FOUND")
        #expect(error["message"] == "Session 'nobody' not found")
        expectFailure(try await server.endSession("a%20b"), 404, "SESSION_NOT_FOUND")
        expectFailure(try await server.endSession(""), 400, "MISSING_PARAMETER")
        expectFailure(try await server.delete("/api/v1/python/session"), 400, "MISSING_PARAMETER")
    }

    @Test(arguments: ["os._exit(3)", "os.kill(os.getpid(), 9)", "os.kill(os.getpid(), 11)"])
    func `starts fresh when its process dies, and says so once`(code: String) async throws {
        let name = "dies-\(code.utf8.count)"
        _ = try await server.execute("z = 1", in: name)
        expectFailure(try await server.execute("import os\n" + code, in: name), 500, "PYTHON_PROCESS_DIED")
        let next = try await server.execute("'z' in globals()", in: name)
        #expect(next["result"] == false)
        #expect(next["session_reset"] == true)
        #expect(try await server.job(#require(next["job_id"]?.string))["session_reset"] == true)
        #expect(try await server.execute("1", in: name)["session_reset"] == nil)
    }

    @Test func `lets nothing that a job started live on, but keeps what it can`() async throws {
        let server = try server
        let first = try await server.execute(
            """
            import subprocess, threading, time
            kept = 1
            child = subprocess.Popen(['/bin/sh', '-c', 'while :; do echo LATE; sleep 0.01; done'], start_new_session=True)
            def talk():
                while True: print('LATE', flush=True); time.sleep(0.001)
            threading.Thread(target=talk, daemon=True).start()
            child.pid
            """, in: "leaves")
        expectSuccess(first)
        for _ in 1...3 {
            let next = try await server.execute("time.sleep(0.02)\nprint(kept)", in: "leaves")
            #expect(next["output"] == "1")
            #expect(next["session_reset"] == nil)
        }
        #expect(!Files.exists("/proc/\(first["result"]?.int ?? 0)/stat"))
        _ = try await server.execute("threading.Thread(target=time.sleep, args=(100,), daemon=True).start()", in: "leaves")
        let reset = try await server.execute("'kept' in globals()", in: "leaves")
        #expect(reset["session_reset"] == true, "a thread that cannot be ended ends the session")
        #expect(reset["result"] == false)
    }

    @Test func `runs in a worker that was killed no more, and others go on`() async throws {
        try await withServer("--workers", "1") { server in
            _ = try await server.execute("a = 1", in: "s")
            let parent = try await server.execute("import os\nos.getppid()")["result"]?.int
            let running = "00000000-0000-4000-8000-0000000000d1"
            async let answer = server.execute(
                "import time\nprint('begun', flush=True)\ntime.sleep(60)", in: "s", ["job_id": .string(running)])
            try await eventually("the job prints") {
                try await server.get("/api/v1/python/job?id=\(running)")["job"]?["output"] == "begun"
            }
            let queued = try await server.start("'a' in globals()", ["session": "s"])
            let other = try await server.start("print('other')")
            #expect(kill(Int32(try #require(parent)), SIGKILL) == 0)
            let error = expectFailure(try await answer, 500, "PYTHON_PROCESS_DIED")
            #expect(error["details"]?["signal"] == "SIGKILL")
            let job = try await server.wait(for: queued, status: "completed")
            #expect(job["result"] == false)
            #expect(job["session_reset"] == true)
            #expect(try await server.wait(for: other, status: "completed")["output"] == "other")
        }
    }
}
