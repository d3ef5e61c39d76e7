import RoostCore
import Testing

/// Contract §9: one envelope for every outcome.
@Suite(.server("--workers", "2")) struct `The code handler` {
    @Test func `answers what the code returns`() async throws {
        let answer = try await server.run(
            "import sys\nprint('out')\nprint('err', file=sys.stderr)\nreturn {'a': [1, None]}", ["id": "mine"])
        expectResult(answer, ["a": [1, .null]], stdout: "out\n", stderr: "err\n")
        #expect(answer["id"] == "mine")
        #expect(answer["pid"] == .int(Int(try server.process.id)))
        #expect(isInteger(answer["queue_length"]))
        #expect(answer["result_repr"] == nil)
        let other = try await server.run("print(1)")
        expectResult(other, .null, stdout: "1\n")
        #expect(other["id"] == .null)
        #expect(other["queue_id"] == answer["queue_id"])
    }

    @Test func `answers the repr of what is no JSON`() async throws {
        let answer = try await server.run("return {1}")
        expectResult(answer, "{1}")
        #expect(answer["result_repr"] == true)
        #expect(answer["response"]?["result_repr"] == true)
    }

    @Test func `measures the time in the queue and the time of the run`() async throws {
        let answer = try await server.run("import time\ntime.sleep(0.3)")
        let run = try #require(answer["run_time"]?.double)
        let queued = try #require(answer["queue_time"]?.double)
        let total = try #require(answer["total_time"]?.double)
        #expect(run >= 0.3 && run < 60)
        #expect(abs(total - run - queued) < 0.0015)
    }

    @Test(arguments: [
        ("print(1)\n1/0", 400, "ZeroDivisionError: division by zero", 1, "1\n", true),
        ("return (", 400, "SyntaxError: '(' was never closed", 1, "", true),
        ("await f()", 400, "SyntaxError: 'await' outside function", 1, "", true),
        ("print(1)\nimport sys\nsys.exit(3)", 400, "SystemExit: 3", 3, "1\n", true),
        ("import sys\nsys.exit('no')", 400, "SystemExit: no", 1, "", true),
        ("import sys\nsys.exit(256)", 400, "SystemExit: 256", 256, "", true),
        ("import sys\nsys.exit(-1)", 400, "SystemExit: -1", -1, "", true),
        ("raise MemoryError", 400, "MemoryError", 137, "", true),
        (
            "print(1, flush=True)\nimport os\nos._exit(7)", 500,
            "The Python process exited with code 7 before the job was done", 7, "1\n", false
        ),
        ("import os\nos.kill(os.getpid(), 11)", 500, "The Python process was ended by SIGSEGV", -11, "", false),
    ])
    func `answers a failure with its status and exit code`(
        code: String, status: Int, error: String, exitCode: Int, stdout: String, hasTraceback: Bool
    ) async throws {
        let answer = try await server.run(code, ["id": "x"])
        expectCodeFailure(
            answer, status, error, exitCode: exitCode, stdout: stdout, hasTraceback: hasTraceback)
        #expect(answer["id"] == "x")
        #expect(answer["job_id"]?.string.map(isJobID) == true)
    }

    @Test func `ends well on an exit that is none`() async throws {
        expectResult(try await server.run("import sys\nprint(1)\nsys.exit()"), .null, stdout: "1\n")
        expectResult(try await server.run("import sys\nsys.exit(0)"), .null)
    }

    @Test func `answers a timeout with what was written so far`() async throws {
        let answer = try await server.run("print('so far', flush=True)\nwhile True: pass", ["timeout": 1.0])
        expectCodeFailure(answer, 408, "Execution timed out after 1 seconds", exitCode: 124, stdout: "so far\n")
    }

    @Test(arguments: [
        ("{}", "Missing required field: code"), (#"{"code":""}"#, "Field 'code' must be a non-empty string"),
        (#"{"code":null}"#, "Field 'code' must be a non-empty string"),
        (#"{"code":1}"#, "Field 'code' must be a non-empty string"),
        (#"{"code":"1","timeout":0}"#, "Invalid field 'timeout': must be an integer from 1 to 300"),
        (#"{"code":"1","timeout":301}"#, "Invalid field 'timeout': must be an integer from 1 to 300"),
        (#"{"code":"1","timeout":1.5}"#, "Invalid field 'timeout': must be an integer from 1 to 300"),
        (#"{"code":"1","timeout":"9"}"#, "Invalid field 'timeout': must be an integer from 1 to 300"),
        (#"{"code":"1","timeout":true}"#, "Invalid field 'timeout': must be an integer from 1 to 300"),
        (#"{"code":"1","timeout":null}"#, "Invalid field 'timeout': must be an integer from 1 to 300"),
        (#"{"code":"1","id":5}"#, "Invalid field 'id': must be a string"),
        (#"{"code":"1","id":null}"#, "Invalid field 'id': must be a string"),
        (#"{"code":"1","webhook_url":5}"#, "Invalid field 'webhook_url': must be an http or https URI"),
        (#"{"code":"1","webhook_url":"ftp://a.b/"}"#, "Invalid field 'webhook_url': must be an http or https URI"),
        (#"{"code":"1","async":true}"#, "Unknown field 'async'"),
        ("[]", "Request body must be a JSON object"),
    ])
    func `refuses parameters`(body: String, reason: String) async throws {
        let answer = try await server.post(ServerProcess.code, text: body)
        expectCodeFailure(answer, 400, "Missing or invalid parameters: \(reason)", exitCode: 400)
        #expect(answer["job_id"] == .null)
    }

    @Test(arguments: ["", "{", #"{"code":"1",}"#])
    func `refuses what is no JSON`(body: String) async throws {
        let answer = try await server.post(ServerProcess.code, text: body)
        #expect(answer.status == 400)
        #expect(answer["exit_code"] == 400)
        #expect(answer["stdout"] == "")
        #expect(answer["error"]?.string?.hasPrefix("Missing or invalid parameters: ") == true)
    }

    @Test func `gives a refused request its identifier back`() async throws {
        let answer = try await server.run("1", ["timeout": 0, "id": "mine"])
        #expect(answer.status == 400)
        #expect(answer["id"] == "mine")
    }

    @Test func `has the standard envelope for all other errors`() async throws {
        expectFailure(try await server.get(ServerProcess.code), 405, "METHOD_NOT_ALLOWED")
        let error = expectFailure(try await server.get("/v1/code/nope"), 404, "HANDLER_NOT_FOUND")
        #expect(error["details"]?["endpoints"] == ["POST /v1/code/execute/python"])
        expectFailure(
            try await server.post(ServerProcess.code, text: "{}", fields: [("Content-Type", "text/plain")]), 415,
            "UNSUPPORTED_MEDIA_TYPE")
    }

    @Test func `is listed with its mount`() async throws {
        let handlers = try await server.get("/api/v1/handlers")["handlers"]?.array
        let code = try #require(handlers?.first { $0["name"] == "code" })
        #expect(code["base_path"] == "/v1/code")
        #expect(code["mount"] == "/v1")
        #expect(code["endpoints"]?.array?.map { $0["path"] } == ["/execute/python"])
        #expect(handlers?.first { $0["name"] == "python" }?["mount"] == nil)
    }

    @Test func `has its jobs in the history of the Python handler`() async throws {
        let answer = try await server.run("print('kept')\nreturn {1}")
        let id = try #require(answer["job_id"]?.string)
        let job = try await server.job(id)
        #expect(job["handler"] == "code")
        #expect(job["code"] == "print('kept')\nreturn {1}")
        #expect(job["output"] == "kept")
        #expect(job["result"] == "{1}")
        #expect(job["result_repr"] == true)
        let jobs = try await server.get("/api/v1/python/jobs?limit=1000")["jobs"]?.array
        #expect(jobs?.first { $0["job_id"] == .string(id) }?["handler"] == "code")
        #expect(try await server.delete("/api/v1/python/job?id=\(id)")["previous_status"] == "completed")
    }

    @Test func `answers at once when it is asked to, and a cancelled job tells who waits`() async throws {
        let started = try await server.run(
            "import time\nprint('on', flush=True)\ntime.sleep(60)", ["id": "later"],
            fields: [("Prefer", "respond-async")])
        #expect(started.status == 202)
        #expect(started["code"] == 202)
        #expect(started["id"] == "later")
        #expect(started["message"] == "processing")
        #expect(started["max_queue_length"] == 1000)
        for name in ["pid", "queue_id", "queue_length"] { #expect(isInteger(started[name])) }
        let id = try #require(started["job_id"]?.string)
        #expect(started[field: "Location"] == "/api/v1/python/job?id=\(id)")
        #expect(started[field: "Preference-Applied"] == "respond-async")
        try await server.wait(for: id, output: "on")

        // One write: `print` makes two, and the cancel may come between them.
        async let waiting = server.run("import sys, time\nsys.stdout.write('w\\n')\ntime.sleep(60)")
        let other = try await eventually("the other job runs") { () -> String? in
            let jobs = try await server.get("/api/v1/python/jobs?status=running")["jobs"]?.array ?? []
            for job in jobs where job["job_id"] != .string(id) && job["handler"] == "code" {
                guard let id = job["job_id"]?.string else { continue }
                if try await server.job(id)["output"] == "w" { return id }
            }
            return nil
        }
        try await server.cancel(other)
        expectCodeFailure(try await waiting, 409, "Job was cancelled", exitCode: 130, stdout: "w\n")
        try await server.cancel(id)
    }
}
