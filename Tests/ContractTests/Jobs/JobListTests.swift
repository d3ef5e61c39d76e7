import RoostCore
import Testing

/// Nothing else runs jobs here: counts are exact.
@Suite struct `The list of jobs` {
    private static let path = "/api/v1/python/jobs"

    private func ids(_ answer: HTTPAnswer) -> [String] {
        (answer["jobs"]?.array ?? []).compactMap { $0["job_id"]?.string }
    }

    @Test func `is empty at first`() async throws {
        try await withServer { server in
            let answer = try await server.get(Self.path)
            #expect(answer.status == 200)
            #expect(answer["success"] == true)
            #expect(answer["jobs"] == [])
            #expect(answer["total"] == 0)
            #expect(answer["limit"] == 100)
            #expect(answer["offset"] == 0)
            #expect(answer["next_cursor"] == .null)
        }
    }

    @Test func `can be filtered, ordered and paged`() async throws {
        try await withServer("--workers", "2") { server in
            var made: [String] = []
            for number in 0..<12 {
                let answer = try await server.execute(number % 3 == 0 ? "1/0" : "print(\(number))")
                made.append(try #require(answer["job_id"]?.string))
            }
            let cancelled = try await server.start("import time\ntime.sleep(60)")
            try await server.wait(for: cancelled, status: "running")
            try await server.cancel(cancelled)
            made.append(cancelled)
            let running = try await server.start("import time\ntime.sleep(60)")
            try await server.wait(for: running, status: "running")
            made.append(running)

            let all = try await server.get(Self.path)
            #expect(all["total"] == 14)
            #expect(ids(all) == made.reversed(), "newest first")
            #expect(ids(try await server.get(Self.path + "?order=desc")) == made.reversed())
            #expect(ids(try await server.get(Self.path + "?order=asc")) == made)
            #expect(ids(try await server.get(Self.path + "?status=all&order=asc")) == made)
            for item in all["jobs"]?.array ?? [] {
                let names = Set(keys(item))
                #expect(
                    names.isSuperset(of: [
                        "job_id", "id", "status", "created_at", "started_at", "completed_at", "duration_ms", "handler",
                    ]))
                #expect(item["id"] == item["job_id"])
                #expect(item["handler"] == "python")
                #expect(isTimestamp(item["created_at"]))
            }

            for (status, count) in [("completed", 8), ("failed", 4), ("cancelled", 1), ("running", 1), ("pending", 0)] {
                let answer = try await server.get(Self.path + "?status=\(status)&limit=2")
                #expect(answer["total"] == .int(count), "\(status)")
                #expect(ids(answer).count == min(2, count))
                #expect(answer["jobs"]?.array?.allSatisfy { $0["status"] == .string(status) } == true)
                #expect(answer["limit"] == 2)
            }

            let page = try await server.get(Self.path + "?order=asc&limit=3&offset=4")
            #expect(ids(page) == Array(made[4..<7]))
            #expect(page["offset"] == 4)
            #expect(page["total"] == 14)
            #expect(ids(try await server.get(Self.path + "?offset=14")) == [])
            #expect(ids(try await server.get(Self.path + "?offset=9223372036854775807")) == [])

            for order in ["asc", "desc"] {
                var seen: [String] = []
                var answer = try await server.get(Self.path + "?order=\(order)&limit=4")
                while true {
                    seen += ids(answer)
                    guard let cursor = answer["next_cursor"]?.string, seen.count < 20 else { break }
                    answer = try await server.get(Self.path + "?order=\(order)&limit=4&cursor=\(cursor)")
                    #expect(answer["total"] == 14)
                }
                #expect(answer["next_cursor"] == .null, "null at the end")
                #expect(seen == (order == "asc" ? made : made.reversed()))
            }
            try await server.cancel(running)
        }
    }

    @Test func `is steady by cursor while jobs are added`() async throws {
        try await withServer { server in
            for number in 0..<5 { _ = try await server.execute("\(number)") }
            let first = try await server.get(Self.path + "?limit=2")
            let cursor = try #require(first["next_cursor"]?.string)
            let rest = ids(try await server.get(Self.path + "?cursor=\(cursor)"))
            _ = try await server.execute("'new'")
            #expect(ids(try await server.get(Self.path + "?cursor=\(cursor)")) == rest)
            #expect(rest.count == 3)
        }
    }

    @Test func `finds a job by any form of its id`() async throws {
        try await withServer { server in
            let id = try #require(try await server.execute("print('x')")["job_id"]?.string)
            for form in [id, id.uppercased(), id.filter { $0 != "-" }, id.uppercased().filter { $0 != "-" }] {
                let answer = try await server.get("/api/v1/python/job?id=\(form)")
                #expect(answer.status == 200, "\(form)")
                #expect(answer["job"]?["job_id"] == .string(id), "ids are lower-case and hyphenated")
            }
            let removed = try await server.delete("/api/v1/python/job?id=\(id.uppercased())")
            #expect(removed["job_id"] == .string(id))
            let list = try await server.get(Self.path)
            #expect(list["total"] == 0)
        }
    }
}
