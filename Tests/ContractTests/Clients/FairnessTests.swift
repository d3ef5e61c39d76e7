import RoostCore
import Testing

@Suite struct `A server with several clients` {
    @Test func `gives one a turn within two jobs of another who floods it`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.scratch + "/keys"
        try Files.write(path, "flood:flooding-key\nother:other-key\n")
        try await withServer("--workers", "1", "--max-queue", "20", "--api-key-file", path, in: folder) { server in
            let flood = [("x-api-key", "flooding-key"), ("Prefer", "respond-async")]
            var accepted = 0
            // Until it is refused: the queue holds no more of this client.
            while true {
                let answer = try await server.run("import time\ntime.sleep(0.2)", fields: flood)
                if answer.status == 429 {
                    #expect(answer["message"] == "MAX_QUEUE_LENGTH (20) reached")
                    break
                }
                #expect(answer.status == 202)
                accepted += 1
            }
            #expect(accepted >= 18)
            let health = try await server.get("/api/v1/health")["python"]
            #expect(health?["running"] == 1)
            #expect(isInteger(health?["oldest_wait_ms"]))

            let answer = try await server.run("return 1", fields: [("x-api-key", "other-key")])
            expectResult(answer, 1)
            let id = try #require(answer["job_id"]?.string)
            let key = [("x-api-key", "other-key")]
            let mine = try #require(
                try await server.request("GET", "/api/v1/python/job?id=\(id)", fields: key)["job"])
            let created = try #require(mine["created_at"]?.string)
            let started = try #require(mine["started_at"]?.string)
            let jobs =
                try await server.request(
                    "GET", "/api/v1/python/jobs?client=flood&limit=100", fields: key)["jobs"]?.array ?? []
            let between = jobs.compactMap { $0["started_at"]?.string }.filter { $0 > created && $0 < started }
            #expect(between.count <= 2, "\(between)")
        }
    }

    @Test func `limits the rate of each and says so`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.scratch + "/keys"
        try Files.write(path, "a:key-of-a\nb:key-of-b\n")
        try await withServer("--rate-limit", "3/s", "--api-key-file", path, in: folder) { server in
            let first = try await server.request("GET", "/api/v1/handlers", fields: [("x-api-key", "key-of-a")])
            #expect(first.status == 200)
            #expect(first[field: "RateLimit-Policy"] == #""default";q=3;w=1"#)
            #expect(first[field: "RateLimit"]?.hasPrefix(#""default";r="#) == true)
            // On one connection, since a new one each would be slower than the limit on a busy machine.
            let burst = String(
                repeating: "GET /api/v1/handlers HTTP/1.1\r\nHost: localhost\r\nx-api-key: key-of-a\r\n\r\n", count: 40)
            let refused = try await server.connected { connection -> HTTPAnswer? in
                try connection.send(burst)
                for _ in 0..<40 {
                    let answer = try connection.receive(Deadline(in: .seconds(60)))
                    if answer.status == 429 { return answer }
                }
                return nil
            }
            let answer = try #require(refused)
            let error = expectFailure(answer, 429, "QUEUE_FULL")
            #expect(error["details"] == ["limit": "rate", "maximum": 3])
            #expect(answer[field: "Retry-After"] == "1")
            #expect(answer[field: "RateLimit"]?.hasPrefix(#""default";r=0;"#) == true)
            let other = try await server.request("GET", "/api/v1/handlers", fields: [("x-api-key", "key-of-b")])
            #expect(other.status == 200)
            for _ in 0..<5 { #expect(try await server.get("/api/v1/health").status == 200) }
        }
    }

    @Test func `is told by its address where there are no keys`() async throws {
        try await withServer { server in
            let id = try #require(try await server.execute("1")["job_id"]?.string)
            #expect(try await server.job(id)["client"] == "127.0.0.1")
            #expect(try await server.get("/api/v1/python/jobs?client=127.0.0.1")["total"] == 1)
            #expect(try await server.get("/api/v1/python/jobs?client=nobody")["total"] == 0)
            #expect(try await server.get("/api/v1/health")["python"]?["oldest_wait_ms"] == .null)
        }
    }
}
