import RoostCore
import RoostPython
import Testing

@Suite(.serialized, .timeLimit(.minutes(2))) struct `The Python handler` {
    // MARK: Execute

    @Test func `answers with output, logs and result`() async throws {
        try await TestServer.with { server in
            let code = "import unreal\nunreal.log('noted')\nprint('Hello!\\n')\n{'a': 1}"
            let answer = try await server.execute(code)
            #expect(answer.status == 200)
            #expect(answer["success"] == true)
            #expect(answer["status"] == "completed")
            #expect(answer["output"] == "Hello!\n", "one newline less")
            #expect(answer["result", "a"] == 1)
            #expect(answer["stderr"] == "")
            #expect(answer["duration_ms"]?.int != nil)
            #expect(answer["truncated"] == nil)
            let logs = answer["logs"]?.array ?? []
            #expect(logs.map { $0["message"] } == ["noted", "Hello!", ""])
            #expect(logs.allSatisfy { $0["level"] == "info" && $0["timestamp"]?.string?.count == 24 })
        }
    }

    @Test(arguments: [
        ("def f(:", 400, "PYTHON_SYNTAX_ERROR"), ("print(1)\nundefined_var", 500, "PYTHON_RUNTIME_ERROR"),
        ("print(1)\nimport os\nos._exit(3)", 500, "PYTHON_PROCESS_DIED"), ("raise MemoryError", 500, "MEMORY_LIMIT"),
    ])
    func `answers a failure with its status and what was captured`(
        _ code: String, _ status: Int, _ error: String
    ) async throws {
        try await TestServer.with { server in
            let answer = try await server.execute(code)
            #expect(answer.status == status)
            #expect(answer["success"] == false)
            #expect(answer.code == error)
            #expect(answer["output"] == (code.hasPrefix("print") ? "1" : ""))
            #expect(answer["logs"] != nil)
            #expect(answer["stderr"] != nil)
            #expect(answer["duration_ms"] != nil)
            let id = try #require(answer["job_id"]?.string)
            let job = try await server.send(.get, "/job?id=\(id)")
            #expect(job.status == 200)
            #expect(job["success"] == true)
            #expect(job["job", "status"] == "failed")
            #expect(job["job", "error"] == answer["error"])
        }
    }

    @Test func `the sample of the reference reads as in the reference`() async throws {
        try await TestServer.with { server in
            let answer = try await server.execute("undefined_var")
            #expect(answer.message == "name 'undefined_var' is not defined")
            let traceback =
                "Traceback (most recent call last):\n  File \"<string>\", line 1, in <module>\n"
                + "NameError: name 'undefined_var' is not defined"
            #expect(answer["error", "traceback"] == .string(traceback))
            #expect(answer["error", "line"] == 1)
            #expect(answer["error", "type"] == "NameError")
        }
    }

    @Test func `a timeout keeps the partial output`() async throws {
        try await TestServer.with { server in
            let answer = try await server.execute([
                "code": "print('so far')\ntry:\n    while True: pass\nexcept BaseException: pass", "timeout": 1.0,
            ])
            #expect(answer.status == 504)
            #expect(answer.code == "TIMEOUT")
            #expect(answer["output"] == "so far")
            #expect(answer["error", "traceback"] == nil)
        }
    }

    @Test(arguments: [
        ("{}", "MISSING_CODE"), (#"{"code":null}"#, "INVALID_CODE"), (#"{"code":""}"#, "INVALID_CODE"),
        (#"{"code":5}"#, "INVALID_CODE"), (#"{"code":"1","timeout":0.9}"#, "INVALID_TIMEOUT"),
        (#"{"code":"1","timeout":301}"#, "INVALID_TIMEOUT"), (#"{"code":"1","timeout":"5"}"#, "INVALID_TIMEOUT"),
        (#"{"code":"1","timeout":true}"#, "INVALID_TIMEOUT"), (#"{"code":"1","async":1}"#, "INVALID_PARAMETER"),
        (#"{"code":"1","job_id":"x"}"#, "INVALID_JOB_ID"), ("[]", "INVALID_JSON"), ("", "INVALID_JSON"),
    ])
    func `what is refused leaves no job`(_ body: String, _ code: String) async throws {
        try await TestServer.with { server in
            let answer = try await server.send(.post, "/execute", body)
            #expect(answer.status == 400)
            #expect(answer.code == code)
            #expect(answer["job_id"] == nil)
            let jobs = try await server.send(.get, "/jobs")
            #expect(jobs["total"] == 0)
        }
    }

    @Test(arguments: [#"{"code":"1","timeout":null}"#, #"{"code":"1","timeout":1}"#, #"{"code":" # nothing"}"#])
    func `what is at the edge runs`(_ body: String) async throws {
        try await TestServer.with { server in
            let answer = try await server.send(.post, "/execute", body)
            #expect(answer.status == 200)
        }
    }

    @Test func `a lone surrogate and a NUL do not compile, and have no line`() async throws {
        try await TestServer.with { server in
            for body in [#"{"code":"x = '\ud800'"}"#, #"{"code":"x = 1\u0000"}"#] {
                let answer = try await server.send(.post, "/execute", body)
                #expect(answer.status == 400)
                #expect(answer.code == "PYTHON_SYNTAX_ERROR")
                #expect(answer["error", "line"] == nil)
            }
        }
    }

    // MARK: Asynchronous

    @Test func `async answers at once with a location`() async throws {
        try await TestServer.with { server in
            for (members, fields) in [
                (["code": "1 + 1", "async": true] as JSONObject, [] as [(String, String)]),
                (["code": "1 + 1"], [("Prefer", "wait=5, Respond-Async")]),
            ] {
                let answer = try await server.execute(members, fields)
                #expect(answer.status == 202)
                #expect(answer["success"] == true)
                #expect(answer["status"] == "pending")
                let id = try #require(answer["job_id"]?.string)
                #expect(answer.fields["Location"] == "/api/v1/python/job?id=\(id)")
                #expect(await eventually { (try? await server.send(.get, "/job?id=\(id)"))?["job", "result"] == 2 })
            }
        }
    }

    // MARK: The client's own id

    @Test func `the same id with the same job gives that job's answer`() async throws {
        try await TestServer.with { server in
            let id = "a1b2c3d4-e5f6-7890-abcd-ef1234567890"
            let job: JSONObject = [
                "code": "import random\nprint(random.random())\nraise ValueError('x')", "job_id": .string(id.uppercased()),
            ]
            let first = try await server.execute(job)
            #expect(first.status == 500)
            #expect(first["job_id"] == .string(id))
            let second = try await server.execute(job)
            #expect(second.status == 500)
            #expect(second.body == first.body)
            var other = job
            other["timeout"] = 29
            let conflict = try await server.execute(other)
            #expect(conflict.status == 409)
            #expect(conflict.code == "JOB_CONFLICT")
            let jobs = try await server.send(.get, "/jobs")
            #expect(jobs["total"] == 1)
        }
    }

    @Test func `many at once with one id run one job`() async throws {
        try await TestServer.with { server in
            let job: JSONObject = [
                "code": "import random, time\ntime.sleep(0.05)\nrandom.random()",
                "job_id": "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
            ]
            try await withThrowingTaskGroup(of: TestServer.Answer.self) { group in
                for _ in 0..<10 { group.addTask { try await server.execute(job) } }
                var results: Set<Double> = []
                for try await answer in group {
                    #expect(answer.status == 200)
                    results.insert(answer["result"]?.double ?? -1)
                }
                #expect(results.count == 1)
            }
        }
    }

    // MARK: Lists

    @Test func `lists newest first, page by page`() async throws {
        try await TestServer.with { server in
            var ids: [JSON] = []
            for number in 1...5 {
                let answer = try await server.execute(number == 3 ? "raise ValueError" : "\(number)")
                ids.append(answer["job_id"] ?? .null)
            }
            let all = try await server.send(.get, "/jobs?status=all")
            #expect(all["jobs"]?.array?.map { $0["job_id"] ?? .null } == ids.reversed())
            #expect(all["total"] == 5)
            #expect(all["limit"] == 100)
            #expect(all["offset"] == 0)
            #expect(all["next_cursor"] == .null)
            let keys = all["jobs"]?.array?.first?.object?.members.map(\.name)
            #expect(
                keys == [
                    "job_id", "id", "status", "created_at", "started_at", "completed_at", "duration_ms", "handler",
                    "client", "session",
                ])
            let failed = try await server.send(.get, "/jobs?status=failed")
            #expect(failed["total"] == 1)
            #expect(failed["jobs"]?.array?.first?["id"] == ids[2])
            let page = try await server.send(.get, "/jobs?limit=2&order=asc")
            #expect(page["jobs"]?.array?.map { $0["id"] ?? .null } == Array(ids[..<2]))
            let cursor = try #require(page["next_cursor"]?.string)
            let next = try await server.send(.get, "/jobs?limit=2&order=asc&cursor=\(cursor)")
            #expect(next["jobs"]?.array?.map { $0["id"] ?? .null } == Array(ids[2..<4]))
        }
    }

    @Test(arguments: [
        ("/jobs?limit=0", "limit"), ("/jobs?limit=1001", "limit"), ("/jobs?limit=x", "limit"), ("/jobs?offset=-1", "offset"),
        ("/jobs?status=done", "status"), ("/jobs?order=up", "order"), ("/jobs?cursor=x", "cursor"),
        ("/jobs?cursor=c1&offset=0", "offset"), ("/jobs?dialect=modern", "dialect"),
    ])
    func `refuses what a list does not know`(_ path: String, _ parameter: String) async throws {
        try await TestServer.with { server in
            let answer = try await server.send(.get, path)
            #expect(answer.status == 400)
            #expect(answer.code == "INVALID_PARAMETER")
            #expect(answer["error", "details", "parameter"] == .string(parameter))
            #expect(answer["error", "details", "allowed"] != nil)
        }
    }

    // MARK: One job

    @Test func `shows a job with everything`() async throws {
        try await TestServer.with { server in
            let id = try #require(try await server.execute(["code": "print('Hello!')", "timeout": 2.5])["job_id"]?.string)
            let job = try #require(try await server.send(.get, "/job?id=\(id.replacing("-", with: ""))")["job"]?.object)
            #expect(job["job_id"] == .string(id))
            #expect(job["id"] == .string(id))
            #expect(job["code"] == "print('Hello!')")
            #expect(job["output"] == "Hello!")
            #expect(job["error"] == .null)
            #expect(job["result"] == .null)
            #expect(job["session"] == .null)
            #expect(job["timeout"] == 2.5)
            #expect(job["handler"] == "python")
            for name in ["created_at", "started_at", "completed_at"] { #expect(job[name]?.string?.hasSuffix("Z") == true) }
        }
    }

    @Test(arguments: [HTTPMethod.get, .delete])
    func `an id that is missing, malformed or unknown`(_ method: HTTPMethod) async throws {
        try await TestServer.with { server in
            for path in ["/job", "/job?id="] {
                let answer = try await server.send(method, path)
                #expect(answer.status == 400)
                #expect(answer.code == "MISSING_PARAMETER")
                #expect(answer.message == "Missing required query parameter: id")
            }
            let malformed = try await server.send(method, "/job?id=invalid-id")
            #expect(malformed.status == 400)
            #expect(malformed.code == "INVALID_JOB_ID")
            let unknown = try await server.send(method, "/job?id=A1B2C3D4-e5f6-7890-abcd-ef1234567890")
            #expect(unknown.status == 404)
            #expect(unknown.message == "Job with ID 'A1B2C3D4-e5f6-7890-abcd-ef1234567890' not found")
        }
    }

    // MARK: Cancel and remove

    @Test func `cancels a running job, which the waiting request then hears`() async throws {
        try await TestServer.with { server in
            async let waiting = server.execute([
                "code": "print('part', flush=True)\nwhile True: pass", "job_id": "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
            ])
            let path = "/job?id=a1b2c3d4-e5f6-7890-abcd-ef1234567890"
            #expect(await eventually { (try? await server.send(.get, path))?["job", "output"] == "part" })
            let cancelled = try await server.send(.delete, path)
            #expect(cancelled.status == 200)
            #expect(
                cancelled.body == [
                    "success": true, "message": "Job cancelled", "job_id": "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
                    "previous_status": "running",
                ])
            let answer = try await waiting
            #expect(answer.status == 409)
            #expect(answer.code == "JOB_CANCELLED")
            #expect(answer["output"] == "part")
            let job = try await server.send(.get, path)
            #expect(job["job", "status"] == "cancelled")
            #expect(job["job", "error"] == .null)
        }
    }

    @Test func `cancels a job that waits for its turn`() async throws {
        try await TestServer.with(workers: 1) { server in
            let running = try await server.runForever()
            let waiting = try await server.execute(["code": "1", "async": true])
            let id = try #require(waiting["job_id"]?.string)
            #expect(try Self.health(of: server)["queued"] == 1)
            let cancelled = try await server.send(.delete, "/job?id=\(id)")
            #expect(cancelled["previous_status"] == "pending")
            _ = try await server.send(.delete, "/job?id=\(running)")
        }
    }

    @Test func `removes a finished job, or refuses when only cancelling was asked`() async throws {
        try await TestServer.with { server in
            let id = try #require(try await server.execute("1")["job_id"]?.string)
            let refused = try await server.send(.delete, "/job?id=\(id)&mode=cancel")
            #expect(refused.status == 400)
            #expect(refused.code == "JOB_ALREADY_FINISHED")
            #expect(refused.message == "Job '\(id)' is already completed and cannot be cancelled")
            let removed = try await server.send(.delete, "/job?id=\(id)")
            #expect(removed["message"] == "Job removed from history")
            #expect(removed["previous_status"] == "completed")
            let gone = try await server.send(.get, "/job?id=\(id)")
            #expect(gone.status == 404)
        }
    }

    @Test func `does not remove a job that runs`() async throws {
        try await TestServer.with { server in
            let id = try await server.runForever()
            let refused = try await server.send(.delete, "/job?id=\(id)&mode=remove")
            #expect(refused.code == "INVALID_PARAMETER")
            let still = try await server.send(.get, "/job?id=\(id)")
            #expect(still["job", "status"] == "running")
            _ = try await server.send(.delete, "/job?id=\(id)")
        }
    }

    // MARK: The rest

    @Test func `an end that cannot be saved is a server error with the output`() async throws {
        try await TestServer.with { server in
            await server.store.failFinishes()
            let answer = try await server.execute("print('kept')")
            #expect(answer.status == 500)
            #expect(answer.code == "SERVER_ERROR")
            #expect(answer["output"] == "kept")
        }
    }

    private static func health(of server: TestServer) throws -> JSON {
        try JSONParser.parse(try #require(server.handler.health()).serialized())
    }

    @Test func `says how it is`() async throws {
        try await TestServer.with { server in
            let health = try Self.health(of: server)
            #expect(health["version"]?.string?.hasPrefix("3.") == true)
            #expect(health["workers"] == 2)
            #expect(health["busy"] == 0)
            #expect(health["queued"] == 0)
        }
    }

    @Test func `lists its endpoints as the reference does`() throws {
        let engine = try PythonEngine(
            configuration: .init(executable: "", scratch: "", workers: 1), logger: .silent)
        let handler = PythonHandler(engine: engine)
        #expect(handler.description == "Execute Python code in Unreal Editor context")
        #expect(
            handler.endpoints.prefix(4).map { "\($0.method) \($0.path) \($0.description)" } == [
                "POST /execute Execute Python code", "GET /jobs List all jobs", "GET /job Get job details",
                "DELETE /job Cancel job",
            ])
    }
}
