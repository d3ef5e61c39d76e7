import RoostCore
import RoostPython
import Testing

@Suite(.serialized, .timeLimit(.minutes(2))) struct `The classic dialect` {
    @Test func `logs are texts, and the end of a job is ended_at`() async throws {
        try await TestServer.with(dialect: .classic) { server in
            let answer = try await server.execute("print('Execution started')\nprint('Script completed')")
            #expect(answer["logs"] == ["Execution started", "Script completed"])
            let id = try #require(answer["job_id"]?.string)
            let job = try #require(try await server.send(.get, "/job?id=\(id)")["job"]?.object)
            #expect(job["logs"] == ["Execution started", "Script completed"])
            #expect(job["ended_at"] == job["completed_at"])
            #expect(job["ended_at"]?.string != nil)
            #expect(job["error"] == nil)
            #expect(job["id"] == .string(id))
        }
    }

    @Test func `a running job has no end and no error`() async throws {
        try await TestServer.with(dialect: .classic) { server in
            let id = try await server.runForever()
            let job = try #require(try await server.send(.get, "/job?id=\(id)")["job"]?.object)
            #expect(job["status"] == "running")
            #expect(job["ended_at"] == nil)
            #expect(job["error"] == nil)
            let cancelled = try await server.send(.delete, "/job?id=\(id)")
            #expect(cancelled["message"] == .string("Job '\(id)' has been cancelled"))
            let after = try #require(try await server.send(.get, "/job?id=\(id)")["job"]?.object)
            #expect(after["status"] == "cancelled")
            #expect(after["error"] == nil)
            #expect(after["ended_at"] != nil)
        }
    }

    @Test(arguments: [
        ("1 +", "SyntaxError: invalid syntax"), ("raise ValueError('no')", "ValueError: no"),
        ("raise ValueError", "ValueError"), ("import sys; sys.exit(2)", "SystemExit: 2"),
        ("import os; os._exit(3)", "The Python process exited with code 3 before the job was done"),
    ])
    func `a job's error is a text`(_ code: String, _ text: String) async throws {
        try await TestServer.with(dialect: .classic) { server in
            let answer = try await server.execute(code)
            #expect(answer.code?.hasPrefix("PYTHON_") == true, "the envelope of contract §4")
            let id = try #require(answer["job_id"]?.string)
            let job = try await server.send(.get, "/job?id=\(id)")
            #expect(job["job", "error"] == .string(text))
        }
    }

    @Test(arguments: [
        ("{", "INVALID_REQUEST", 400), ("{}", "MISSING_FIELD", 400), (#"{"code":""}"#, "MISSING_FIELD", 400),
        (#"{"code":"1","timeout":0}"#, "INVALID_TIMEOUT", 400),
    ])
    func `errors have its names`(_ body: String, _ code: String, _ status: Int) async throws {
        try await TestServer.with { server in
            let answer = try await server.send(.post, "/execute?dialect=classic", body)
            #expect(answer.code == code)
            #expect(answer.status == status)
        }
    }

    @Test func `a malformed id is a job that is not found`() async throws {
        try await TestServer.with(dialect: .classic) { server in
            let answer = try await server.send(.get, "/job?id=xxx")
            #expect(answer.status == 404)
            #expect(answer.code == "JOB_NOT_FOUND")
            #expect(answer.message == "Job with ID 'xxx' not found")
            let reference = try await server.send(.get, "/job?id=xxx&dialect=reference")
            #expect(reference.code == "INVALID_JOB_ID")
        }
    }

    @Test func `async is accepted and runs synchronously`() async throws {
        try await TestServer.with(dialect: .classic) { server in
            let answer = try await server.execute(["code": "1 + 1", "async": true])
            #expect(answer.status == 200)
            #expect(answer["result"] == 2)
            let reference = try await server.execute(["code": "1 + 1", "async": true], query: "?dialect=reference")
            #expect(reference.status == 202)
        }
    }

    @Test func `DELETE keeps a finished job unless it is told to remove it`() async throws {
        try await TestServer.with(dialect: .classic) { server in
            let id = try #require(try await server.execute("1")["job_id"]?.string)
            let refused = try await server.send(.delete, "/job?id=\(id)")
            #expect(refused.status == 400)
            #expect(refused.code == "JOB_ALREADY_FINISHED")
            #expect(refused.message == "Job '\(id)' is already completed and cannot be cancelled")
            let removed = try await server.send(.delete, "/job?id=\(id)&mode=remove")
            #expect(removed.status == 200)
        }
    }
}
