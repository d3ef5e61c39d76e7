import RoostCore
import Testing

/// "API Reference 1.0", request by request as printed.
@Suite(.server()) struct `The reference document` {
    @Test func `has a healthy server`() async throws {
        let answer = try await server.get("/api/v1/health")
        #expect(answer.status == 200)
        #expect(answer[field: "Content-Type"]?.hasPrefix("application/json") == true)
        #expect(answer["success"] == true)
        #expect(answer["status"] == "healthy")
        #expect(isInteger(answer["uptime_seconds"]))
        #expect(answer["handlers"] == ["python", "code"])
        #expect(answer["version"]?.string?.isEmpty == false)
        #expect(answer["pid"] == .int(Int(try server.process.id)))
        for name in ["workers", "busy", "queued"] { #expect(isInteger(answer["python"]?[name]), "\(name)") }
        #expect(answer["python"]?["version"]?.string?.hasPrefix("3.") == true)
    }

    @Test func `lists the handlers with their endpoints`() async throws {
        let answer = try await server.get("/api/v1/handlers")
        #expect(answer.status == 200)
        #expect(answer["success"] == true)
        let handlers = try #require(answer["handlers"]?.array)
        let python = try #require(handlers.first { $0["name"] == "python" })
        #expect(handlers.map { $0["name"] } == ["python", "code"])
        #expect(python["base_path"] == "/python")
        #expect(python["description"]?.string?.isEmpty == false)
        let endpoints = try #require(python["endpoints"]?.array)
        let listed = endpoints.map { [$0["method"]?.string, $0["path"]?.string] }
        for wanted in [["POST", "/execute"], ["GET", "/jobs"], ["GET", "/job"], ["DELETE", "/job"]] {
            #expect(listed.contains(wanted), "\(wanted)")
        }
        #expect(endpoints.allSatisfy { $0["description"]?.string?.isEmpty == false })
    }

    @Test func `shows an execution that succeeds`() async throws {
        let answer = try await server.post(
            ServerProcess.execute, text: #"{"code": "import unreal\nprint('Hello from Unreal!')", "timeout": 30}"#)
        expectSuccess(answer)
        #expect(answer["output"] == "Hello from Unreal!")
        #expect(logs(answer["logs"]) == [["info", "Hello from Unreal!"]])
    }

    @Test func `shows an execution that fails`() async throws {
        let answer = try await server.execute("undefined_var")
        let error = expectFailure(answer, 500, "PYTHON_RUNTIME_ERROR")
        #expect(answer["job_id"]?.string.map(isJobID) == true)
        #expect(isInteger(answer["duration_ms"]))
        #expect(error["message"] == "name 'undefined_var' is not defined")
        #expect(
            error["traceback"] == """
                Traceback (most recent call last):
                  File "<string>", line 1, in <module>
                NameError: name 'undefined_var' is not defined
                """)
        #expect(error["line"] == 1)
        #expect(error["type"] == "NameError")
    }

    @Test func `shows a completed job`() async throws {
        let code = "import unreal\nprint('Hello!')"
        let id = try #require(try await server.execute(code)["job_id"]?.string)
        let answer = try await server.get("/api/v1/python/job?id=\(id)")
        #expect(answer.status == 200)
        #expect(answer["success"] == true)
        let job = try #require(answer["job"])
        #expect(job["job_id"] == .string(id))
        #expect(job["id"] == .string(id))
        #expect(job["status"] == "completed")
        #expect(job["code"] == .string(code))
        for name in ["created_at", "started_at", "completed_at"] { #expect(isTimestamp(job[name]), "\(name)") }
        #expect(isInteger(job["duration_ms"]))
        #expect(job["output"] == "Hello!")
        #expect(logs(job["logs"]) == [["info", "Hello!"]])
        #expect(job["error"] == .null)
        for name in ["result", "stderr", "session", "timeout"] { #expect(job[name] != nil, "\(name)") }
        #expect(job["timeout"]?.double == 30)
    }

    @Test func `shows a failed job`() async throws {
        let id = try #require(try await server.execute("import unreal\nundefined_var")["job_id"]?.string)
        let answer = try await server.get("/api/v1/python/job?id=\(id)")
        #expect(answer.status == 200)
        #expect(answer["success"] == true)
        let job = try #require(answer["job"])
        #expect(job["status"] == "failed")
        #expect(job["output"] == "")
        #expect(job["logs"] == [])
        #expect(job["error"]?["code"] == "PYTHON_RUNTIME_ERROR")
        #expect(job["error"]?["message"] == "name 'undefined_var' is not defined")
        #expect(
            job["error"]?["traceback"] == """
                Traceback (most recent call last):
                  File "<string>", line 2, in <module>
                NameError: name 'undefined_var' is not defined
                """)
    }

    @Test func `removes a completed job from history`() async throws {
        let id = try #require(try await server.execute("pass")["job_id"]?.string)
        let answer = try await server.delete("/api/v1/python/job?id=\(id)")
        #expect(answer.status == 200)
        #expect(answer["success"] == true)
        #expect(answer["message"] == "Job removed from history")
        #expect(answer["job_id"] == .string(id))
        #expect(answer["previous_status"] == "completed")
        expectFailure(try await server.get("/api/v1/python/job?id=\(id)"), 404, "JOB_NOT_FOUND")
    }

    @Test func `cancels a running job`() async throws {
        let id = try await server.start("import time\nprint('on', flush=True)\ntime.sleep(60)")
        try await server.wait(for: id, output: "on")
        let answer = try await server.delete("/api/v1/python/job?id=\(id)")
        #expect(answer.status == 200)
        #expect(answer["success"] == true)
        #expect(answer["message"] == "Job cancelled")
        #expect(answer["job_id"] == .string(id))
        #expect(answer["previous_status"] == "running")
        let job = try await server.job(id)
        #expect(job["status"] == "cancelled")
        #expect(job["error"] == .null)
        #expect(job["output"] == "on")
    }

    @Test func `says which job was not found`() async throws {
        let id = "a1b2c3d4-e5f6-7890-abcd-ef1234567890"
        let error = expectFailure(try await server.get("/api/v1/python/job?id=\(id)"), 404, "JOB_NOT_FOUND")
        #expect(error["message"] == .string("Job with ID '\(id)' not found"))
    }

    @Test func `filters the list of jobs`() async throws {
        _ = try await server.execute("pass")
        let answer = try await server.get("/api/v1/python/jobs?status=completed&limit=10")
        #expect(answer.status == 200)
        #expect(answer["success"] == true)
        #expect(answer["limit"] == 10)
        #expect(answer["offset"] == 0)
        #expect(isInteger(answer["total"]))
        let jobs = try #require(answer["jobs"]?.array)
        #expect(!jobs.isEmpty && jobs.count <= 10)
        for job in jobs {
            #expect(job["job_id"]?.string.map(isJobID) == true)
            #expect(job["status"] == "completed")
            #expect(isTimestamp(job["created_at"]) && isTimestamp(job["completed_at"]))
            #expect(isInteger(job["duration_ms"]))
        }
    }

    @Test func `lists a running job with nulls for what is not known yet`() async throws {
        let id = try await server.start("import time\ntime.sleep(60)")
        try await server.wait(for: id, status: "running")
        let answer = try await server.get("/api/v1/python/jobs?status=running")
        let job = try #require(answer["jobs"]?.array?.first { $0["job_id"] == .string(id) })
        #expect(job["completed_at"] == .null)
        #expect(job["duration_ms"] == .null)
        #expect(isTimestamp(job["started_at"]))
        try await server.cancel(id)
    }
}
