import RoostCore
import Testing

/// "Python Endpoints": the same URLs with other field names.
@Suite(.server("--python-dialect", "classic")) struct `The classic dialect` {
    @Test func `answers an execution as printed`() async throws {
        let answer = try await server.post(
            ServerProcess.execute,
            text: #"{"code": "import unreal\nprint('Hello from Python!')", "timeout": 30, "async": false}"#)
        #expect(answer.status == 200)
        #expect(answer["success"] == true)
        #expect(answer["job_id"]?.string.map(isJobID) == true)
        #expect(answer["output"] == "Hello from Python!")
        #expect(answer["logs"] == ["Hello from Python!"])
        #expect(answer["duration_ms"]?.double != nil)
    }

    @Test func `runs synchronously whatever async says`() async throws {
        let answer = try await server.execute("print('done')", ["async": true])
        #expect(answer.status == 200)
        #expect(answer["output"] == "done")
    }

    @Test func `shows a finished job with the time it ended`() async throws {
        let id = try #require(try await server.execute("print('x')")["job_id"]?.string)
        let job = try await server.job(id)
        #expect(job["id"] == .string(id))
        #expect(job["status"] == "completed")
        #expect(job["output"] == "x")
        #expect(job["logs"] == ["x"])
        #expect(job["duration_ms"]?.double != nil)
        #expect(isTimestamp(job["started_at"]))
        #expect(isTimestamp(job["ended_at"]))
        #expect(job["error"] == nil, "only when failed")
    }

    @Test func `shows a failed job's error as text`() async throws {
        let syntax = try await server.execute("x = = 1")
        expectFailure(syntax, 400, "PYTHON_SYNTAX_ERROR")
        let id = try #require(syntax["job_id"]?.string)
        #expect(try await server.job(id)["error"] == "SyntaxError: invalid syntax")
        let runtime = try await server.execute("1/0")
        expectFailure(runtime, 500, "PYTHON_RUNTIME_ERROR")
        let other = try #require(runtime["job_id"]?.string)
        let job = try await server.job(other)
        #expect(job["error"] == "ZeroDivisionError: division by zero")
        #expect(job["status"] == "failed")
        #expect(isTimestamp(job["ended_at"]))
    }

    @Test func `shows a running job without an end and an error`() async throws {
        // The answer waits, so the job needs an id of the client's.
        let id = "550e8400-e29b-41d4-a716-446655440001"
        let server = try server
        async let waiting = server.execute("import time\ntime.sleep(60)", ["job_id": .string(id)])
        try await eventually("the job runs") {
            try await server.get("/api/v1/python/job?id=\(id)")["job"]?["status"] == "running"
        }
        let job = try await server.job(id)
        #expect(job["ended_at"] == nil)
        #expect(job["error"] == nil)
        let answer = try await server.delete("/api/v1/python/job?id=\(id)")
        #expect(answer.status == 200)
        #expect(answer["success"] == true)
        #expect(answer["message"] == .string("Job '\(id)' has been cancelled"))
        #expect(answer["job_id"] == .string(id))
        expectFailure(try await waiting, 409, "JOB_CANCELLED")
        let cancelled = try await server.job(id)
        #expect(cancelled["status"] == "cancelled")
        #expect(cancelled["error"] == nil, "only when failed")
        #expect(isTimestamp(cancelled["ended_at"]))
    }

    @Test func `lists jobs by id`() async throws {
        let id = try #require(try await server.execute("pass")["job_id"])
        let answer = try await server.get("/api/v1/python/jobs")
        #expect(answer.status == 200)
        #expect(answer["success"] == true)
        let job = try #require(answer["jobs"]?.array?.first { $0["id"] == id })
        #expect(job["status"] == "completed")
        #expect(isTimestamp(job["started_at"]))
    }

    @Test func `has its own error codes`() async throws {
        let path = ServerProcess.execute
        expectFailure(try await server.post(path, text: "{"), 400, "INVALID_REQUEST")
        expectFailure(try await server.post(path, text: "[]"), 400, "INVALID_REQUEST")
        expectFailure(try await server.post(path, text: "{}"), 400, "MISSING_FIELD")
        expectFailure(try await server.post(path, text: #"{"code":null}"#), 400, "MISSING_FIELD")
        expectFailure(try await server.post(path, text: #"{"code":""}"#), 400, "MISSING_FIELD")
        expectFailure(try await server.post(path, text: #"{"code":"1","timeout":0}"#), 400, "INVALID_TIMEOUT")
        expectFailure(try await server.get("/api/v1/python/job"), 400, "MISSING_PARAMETER")
        let error = expectFailure(try await server.get("/api/v1/python/job?id=xxx"), 404, "JOB_NOT_FOUND")
        #expect(error["message"] == "Job with ID 'xxx' not found")
        expectFailure(try await server.delete("/api/v1/python/job?id=xxx"), 404, "JOB_NOT_FOUND")
    }

    @Test(arguments: [("pass", "completed"), ("1/0", "failed")])
    func `does not cancel a finished job`(code: String, status: String) async throws {
        let id = try #require(try await server.execute(code)["job_id"]?.string)
        let answer = try await server.delete("/api/v1/python/job?id=\(id)")
        let error = expectFailure(answer, 400, "JOB_ALREADY_FINISHED")
        #expect(error["message"] == .string("Job '\(id)' is already \(status) and cannot be cancelled"))
        #expect(try await server.job(id)["status"] == .string(status), "it is still there")
    }

    @Test func `removes a finished job when asked to`() async throws {
        let id = try #require(try await server.execute("pass")["job_id"]?.string)
        #expect(try await server.delete("/api/v1/python/job?id=\(id)&mode=remove").status == 200)
        expectFailure(try await server.get("/api/v1/python/job?id=\(id)"), 404, "JOB_NOT_FOUND")
    }

    @Test func `gives way to the reference dialect on request`() async throws {
        let answer = try await server.post(ServerProcess.execute + "?dialect=reference", text: #"{"code":"print(1)"}"#)
        expectSuccess(answer)
        #expect(logs(answer["logs"]) == [["info", "1"]])
        let id = try #require(answer["job_id"]?.string)
        let shown = try await server.get("/api/v1/python/job?id=\(id)&dialect=reference")
        #expect(shown["job"]?["error"] == .null)
        #expect(isTimestamp(shown["job"]?["completed_at"]))
        expectFailure(
            try await server.post(ServerProcess.execute + "?dialect=reference", text: "{}"), 400, "MISSING_CODE")
        let accepted = try await server.post(
            ServerProcess.execute + "?dialect=reference", text: #"{"code":"print(1)","async":true}"#)
        #expect(accepted.status == 202)
    }
}

@Suite(.server()) struct `A reference server asked for the classic dialect` {
    @Test func `answers in it`() async throws {
        let answer = try await server.post(ServerProcess.execute + "?dialect=classic", text: #"{"code":"print(1)"}"#)
        #expect(answer.status == 200)
        #expect(answer["logs"] == ["1"])
        let id = try #require(answer["job_id"]?.string)
        let shown = try await server.get("/api/v1/python/job?id=\(id)&dialect=classic")
        #expect(isTimestamp(shown["job"]?["ended_at"]))
        #expect(shown["job"]?.object?["error"] == nil)
        expectFailure(
            try await server.post(ServerProcess.execute + "?dialect=classic", text: "{}"), 400, "MISSING_FIELD")
        expectFailure(
            try await server.delete("/api/v1/python/job?id=\(id)&dialect=classic"), 400, "JOB_ALREADY_FINISHED")
        expectFailure(try await server.get("/api/v1/python/job?id=1&dialect=classic"), 404, "JOB_NOT_FOUND")
        let sync = try await server.post(
            ServerProcess.execute + "?dialect=classic", text: #"{"code":"print(2)","async":true}"#)
        #expect(sync.status == 200 && sync["output"] == "2")
    }
}
