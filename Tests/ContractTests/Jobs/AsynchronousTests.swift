import RoostCore
import Testing

@Suite(.server("--workers", "4")) struct `An execution nobody waits for` {
    private func expectAccepted(_ answer: HTTPAnswer) throws -> String {
        #expect(answer.status == 202, "\(answer.text)")
        #expect(answer["success"] == true)
        #expect(answer["status"] == "pending")
        let id = try #require(answer["job_id"]?.string)
        #expect(isJobID(id))
        #expect(answer[field: "Location"] == "/api/v1/python/job?id=\(id)")
        return id
    }

    @Test func `is accepted and can be followed to its end`() async throws {
        let answer = try await server.execute("print('done')\n42", ["async": true])
        let id = try expectAccepted(answer)
        let location = try #require(answer[field: "Location"])
        #expect(try await server.get(location)["job"]?["job_id"] == .string(id), "visible at once")
        let job = try await server.wait(for: id, status: "completed")
        #expect(job["output"] == "done")
        #expect(job["result"] == 42)
    }

    @Test(arguments: ["respond-async", "respond-async, wait=10", "return=minimal, Respond-Async"])
    func `may also be preferred`(value: String) async throws {
        let answer = try await server.post(
            ServerProcess.execute, ["code": "print(1)"], fields: [("Prefer", value)])
        let id = try expectAccepted(answer)
        #expect(try await server.wait(for: id, status: "completed")["output"] == "1")
    }

    @Test func `is waited for when async is false`() async throws {
        let answer = try await server.execute("print(1)", ["async": false])
        expectSuccess(answer)
        #expect(answer["status"] == "completed")
    }

    @Test func `shows what it printed so far`() async throws {
        let id = try await server.start("import sys, time\nsys.stdout.write('first\\n')\ntime.sleep(60)\nprint('second')")
        // Written in one piece: `print` may be seen between the text and its newline, when there is no log entry yet.
        let job = try await server.wait(for: id, output: "first")
        #expect(job["status"] == "running")
        #expect(job["output"] == "first")
        #expect(logs(job["logs"]) == [["info", "first"]])
        #expect(job["completed_at"] == .null)
        #expect(job["duration_ms"] == .null)
        #expect(job["error"] == .null)
        try await server.cancel(id)
    }

    @Test func `may fail`() async throws {
        let id = try await server.start("1/0")
        let job = try await server.wait(for: id, status: "failed")
        #expect(job["error"]?["message"] == "division by zero")
    }
}

@Suite(.server("--workers", "4")) struct `A job id of the client's own` {
    private static let execute = ServerProcess.execute

    private func body(_ id: String, _ code: String, _ more: JSONObject = [:]) -> JSON {
        var body = more
        body["job_id"] = .string(id)
        body["code"] = .string(code)
        return .object(body)
    }

    @Test func `runs the code once however often it is sent`() async throws {
        let id = "10000000-0000-4000-8000-000000000001"
        let code = "import time\nprint(time.time_ns())"
        let first = try await server.post(Self.execute, body(id, code))
        expectSuccess(first)
        #expect(first["job_id"] == .string(id))
        let second = try await server.post(Self.execute, body(id, code))
        #expect(second.status == 200)
        #expect(second.json == first.json)
        let shouted = try await server.post(Self.execute, body(id.uppercased(), code))
        #expect(shouted.json == first.json)
        let bare = try await server.post(Self.execute, body(id.filter { $0 != "-" }, code, ["timeout": 30]))
        #expect(bare.json == first.json, "30 is the default")
    }

    @Test func `gives a failure again with its own status`() async throws {
        for (number, code, status) in [(2, "1/0", 500), (3, "x = = 1", 400), (4, "import os; os._exit(3)", 500)] {
            let id = "10000000-0000-4000-8000-00000000000\(number)"
            let first = try await server.post(Self.execute, body(id, code))
            #expect(first.status == status)
            let second = try await server.post(Self.execute, body(id, code))
            #expect(second.status == status)
            #expect(second.json == first.json)
        }
        let id = "10000000-0000-4000-8000-000000000005"
        let first = try await server.post(Self.execute, body(id, "while True: pass", ["timeout": 1]))
        expectFailure(first, 504, "TIMEOUT")
        let second = try await server.post(Self.execute, body(id, "while True: pass", ["timeout": 1]))
        expectFailure(second, 504, "TIMEOUT")
        #expect(second.time < .seconds(1))
    }

    @Test func `joins a job that still runs`() async throws {
        let server = try server
        let id = "10000000-0000-4000-8000-000000000006"
        let folder = try TemporaryFolder()
        let signal = folder.scratch + "/go"
        // Runs until the test has asked twice.
        let code = "import os, time\nwhile not os.path.exists('\(signal)'): time.sleep(0.01)\nprint(time.time_ns())"
        let json = body(id, code)
        let started = try await server.post(Self.execute, body(id, code, ["async": true]))
        #expect(started.status == 202)
        let again = try await server.post(Self.execute, body(id, code, ["async": true]))
        #expect(again.status == 202)
        #expect(again["job_id"] == .string(id))
        async let one = server.post(Self.execute, json)
        async let two = server.post(Self.execute, json)
        try Files.write(signal, "")
        let (first, second) = try await (one, two)
        expectSuccess(first)
        #expect(first.json == second.json)
        let late = try await server.post(Self.execute, body(id, code, ["async": true]))
        #expect(late.status == 200, "there is nothing left to wait for")
        #expect(late.json == first.json)
    }

    @Test func `belongs to one code and timeout`() async throws {
        let id = "10000000-0000-4000-8000-000000000007"
        expectSuccess(try await server.post(Self.execute, body(id, "1", ["timeout": 10])))
        expectFailure(try await server.post(Self.execute, body(id, "2", ["timeout": 10])), 409, "JOB_CONFLICT")
        expectFailure(try await server.post(Self.execute, body(id, "1", ["timeout": 11])), 409, "JOB_CONFLICT")
        expectFailure(try await server.post(Self.execute, body(id, "1")), 409, "JOB_CONFLICT")
        expectFailure(
            try await server.post(Self.execute, body(id, "2", ["timeout": 10, "async": true])), 409, "JOB_CONFLICT")
        expectSuccess(try await server.post(Self.execute, body(id, "1", ["timeout": 10])))
    }

    @Test func `is one job for many at the same time`() async throws {
        let server = try server
        let json = body("10000000-0000-4000-8000-000000000008", "import time\nprint(time.time_ns())")
        let answers = try await withThrowingTaskGroup(of: HTTPAnswer.self) { group in
            for _ in 0..<20 { group.addTask { try await server.post(Self.execute, json) } }
            return try await group.reduce(into: [HTTPAnswer]()) { $0.append($1) }
        }
        #expect(answers.count == 20)
        for answer in answers {
            expectSuccess(answer)
            #expect(answer.json == answers[0].json)
        }
    }
}
