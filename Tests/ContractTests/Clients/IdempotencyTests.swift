import RoostCore
import Testing

@Suite(.server("--workers", "2")) struct `A request with an Idempotency-Key` {
    private static let name = "Idempotency-Key"

    @Test(arguments: [ServerProcess.execute, ServerProcess.code])
    func `is answered again and not run again`(path: String) async throws {
        let code = path == ServerProcess.code ? "import uuid\nreturn uuid.uuid4().hex" : "import uuid\nuuid.uuid4().hex"
        let body: JSON = ["code": .string(code)]
        let fields = [(Self.name, "again-\(path.utf8.count)")]
        let first = try await server.post(path, body, fields: fields)
        #expect(first.status == 200, "\(first.text)")
        #expect(first[field: "Idempotent-Replayed"] == nil)
        let second = try await server.post(path, body, fields: fields)
        #expect(second.status == 200)
        #expect(second[field: "Idempotent-Replayed"] == "true")
        for member in ["job_id", "result", "duration_ms", "run_time"] {
            #expect(second[member] == first[member], "\(member)")
        }
        let other = try await server.post(path, body, fields: [(Self.name, "other-\(path.utf8.count)")])
        #expect(other["job_id"] != first["job_id"])
    }

    @Test(arguments: [ServerProcess.execute, ServerProcess.code])
    func `is refused with another body`(path: String) async throws {
        let fields = [(Self.name, "body-\(path.utf8.count)")]
        #expect(try await server.post(path, ["code": "1"], fields: fields).status == 200)
        let error = expectFailure(
            try await server.post(path, ["code": "1", "timeout": 9], fields: fields), 422, "INVALID_PARAMETER")
        #expect(error["details"]?["parameter"] == .string(Self.name))
        // The same body in other bytes is another one too: nothing is read into it.
        expectFailure(
            try await server.post(path, text: #"{ "code": "1"}"#, fields: fields), 422, "INVALID_PARAMETER")
    }

    @Test func `of the other endpoint is another request`() async throws {
        let fields = [(Self.name, "both")]
        #expect(try await server.post(ServerProcess.execute, ["code": "1"], fields: fields).status == 200)
        expectFailure(
            try await server.post(ServerProcess.code, ["code": "1"], fields: fields), 422, "INVALID_PARAMETER")
    }

    @Test(arguments: [ServerProcess.execute, ServerProcess.code])
    func `is refused as long as the first one runs, and a failure is replayed too`(path: String) async throws {
        let body: JSON = ["code": "print('on', flush=True)\nimport time\ntime.sleep(60)"]
        let fields = [(Self.name, "slow-\(path.utf8.count)"), ("Prefer", "respond-async")]
        let first = try await server.post(path, body, fields: fields)
        #expect(first.status == 202)
        let id = try #require(first["job_id"]?.string)
        let error = expectFailure(try await server.post(path, body, fields: fields), 409, "JOB_CONFLICT")
        #expect(error["details"]?["job_id"] == .string(id))
        try await server.wait(for: id, output: "on")
        try await server.cancel(id)
        let again = try await server.post(path, body, fields: fields)
        #expect(again.status == 202)
        #expect(again["job_id"] == .string(id))
        #expect(again[field: "Idempotent-Replayed"] == "true")
        let waiting = try await server.post(path, body, fields: [(Self.name, "slow-\(path.utf8.count)")])
        #expect(waiting.status == 409)
        #expect(waiting["stdout"] ?? waiting["output"] == (path == ServerProcess.code ? "on\n" : "on"))
    }

    @Test(arguments: ["", String(repeating: "k", count: 256), "two words", "ü"])
    func `of a wrong form is refused`(key: String) async throws {
        let answer = try await server.post(ServerProcess.execute, ["code": "1"], fields: [(Self.name, key)])
        expectFailure(answer, 400, "INVALID_PARAMETER")
        let code = try await server.post(ServerProcess.code, ["code": "1"], fields: [(Self.name, key)])
        #expect(code.status == 400)
        #expect(code["exit_code"] == 400)
    }
}

@Suite struct `An Idempotency-Key` {
    @Test func `is known after a crash, and each client has its own`() async throws {
        let folder = try TemporaryFolder()
        let keys = folder.scratch + "/keys"
        try Files.write(keys, "a:key-of-a\nb:key-of-b\n")
        func run(_ server: ServerProcess, _ key: String) async throws -> HTTPAnswer {
            try await server.run("import os\nreturn os.getpid()", fields: [("Idempotency-Key", "one"), ("x-api-key", key)])
        }
        let first = try await withServer("--api-key-file", keys, in: folder) { server in
            let first = try await run(server, "key-of-a")
            #expect(try await run(server, "key-of-b")["job_id"] != first["job_id"])
            return first
        }
        try await withServer("--api-key-file", keys, in: folder) { server in
            let again = try await run(server, "key-of-a")
            #expect(again[field: "Idempotent-Replayed"] == "true")
            #expect(again["job_id"] == first["job_id"])
            #expect(again["result"] == first["result"])
            // A job that was removed takes its key along.
            let id = try #require(first["job_id"]?.string)
            _ = try await server.request(
                "DELETE", "/api/v1/python/job?id=\(id)", fields: [("x-api-key", "key-of-a")])
            #expect(try await run(server, "key-of-a")["job_id"] != first["job_id"])
        }
    }
}
