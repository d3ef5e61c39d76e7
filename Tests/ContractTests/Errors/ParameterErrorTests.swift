import RoostCore
import Testing

@Suite(.server()) struct `A query parameter` {
    private static let jobs = "/api/v1/python/jobs?"

    private func expectInvalid(_ answer: HTTPAnswer, _ parameter: String, _ allowed: JSON?) {
        let error = expectFailure(answer, 400, "INVALID_PARAMETER")
        #expect(error["details"]?["parameter"] == .string(parameter))
        if let allowed { #expect(error["details"]?["allowed"] == allowed) }
    }

    @Test(arguments: ["0", "1001", "-1", "abc", "1.5", "", "99999999999999999999", "+5", "0x10", "1e2"])
    func `limit is an integer from 1 to 1000`(value: String) async throws {
        let answer = try await server.get(Self.jobs + "limit=" + value)
        expectInvalid(answer, "limit", ["minimum": 1, "maximum": 1000])
    }

    @Test(arguments: ["-1", "abc", "1.5", "99999999999999999999"])
    func `offset is an integer from 0`(value: String) async throws {
        let answer = try await server.get(Self.jobs + "offset=" + value)
        expectInvalid(answer, "offset", ["minimum": 0, "maximum": .int(Int.max)])
    }

    @Test(arguments: ["done", "COMPLETED", "completed,failed"])
    func `status is one of those there are`(value: String) async throws {
        let answer = try await server.get(Self.jobs + "status=" + value)
        expectInvalid(answer, "status", nil)
        let allowed = Set((answer["error"]?["details"]?["allowed"]?.array ?? []).compactMap(\.string))
        #expect(allowed.isSuperset(of: ["pending", "running", "completed", "failed", "cancelled", "all"]))
    }

    @Test func `order is desc or asc`() async throws {
        let answer = try await server.get(Self.jobs + "order=up")
        expectInvalid(answer, "order", nil)
        #expect(Set((answer["error"]?["details"]?["allowed"]?.array ?? []).compactMap(\.string)) == ["asc", "desc"])
    }

    @Test(arguments: ["x", "AAAA", "%00", "1"])
    func `cursor is one that we gave`(value: String) async throws {
        let error = expectFailure(try await server.get(Self.jobs + "cursor=" + value), 400, "INVALID_PARAMETER")
        #expect(error["details"]?["parameter"] == "cursor")
    }

    @Test func `cursor does not go with offset`() async throws {
        for _ in 0..<2 { _ = try await server.execute("1") }
        let page = try await server.get(Self.jobs + "limit=1")
        let cursor = try #require(page["next_cursor"]?.string)
        #expect(try await server.get(Self.jobs + "limit=1&cursor=\(cursor)").status == 200)
        expectFailure(try await server.get(Self.jobs + "cursor=\(cursor)&offset=1"), 400, "INVALID_PARAMETER")
    }

    @Test(arguments: ["GET /api/v1/python/jobs", "GET /api/v1/python/job", "DELETE /api/v1/python/job", "POST /api/v1/python/execute"])
    func `dialect is one of two everywhere`(route: String) async throws {
        let parts = route.split(separator: " ").map(String.init)
        let body = parts[0] == "POST" ? Array(#"{"code":"1"}"#.utf8) : nil
        let answer = try await server.request(
            parts[0], parts[1] + "?id=a1b2c3d4-e5f6-7890-abcd-ef1234567890&dialect=modern", body: body)
        expectInvalid(answer, "dialect", nil)
        let allowed = answer["error"]?["details"]?["allowed"]?.array ?? []
        #expect(Set(allowed.compactMap(\.string)) == ["reference", "classic"])
    }

    @Test func `mode is one of those there are`() async throws {
        let answer = try await server.delete(
            "/api/v1/python/job?id=a1b2c3d4-e5f6-7890-abcd-ef1234567890&mode=destroy")
        expectInvalid(answer, "mode", nil)
        let allowed = Set((answer["error"]?["details"]?["allowed"]?.array ?? []).compactMap(\.string))
        #expect(allowed.isSuperset(of: ["cancel", "remove"]))
    }

    @Test(arguments: ["GET", "DELETE"], ["/api/v1/python/job", "/api/v1/python/job?id=", "/api/v1/python/job?ID=1"])
    func `id is needed`(method: String, target: String) async throws {
        expectFailure(try await server.request(method, target), 400, "MISSING_PARAMETER")
    }

    @Test(
        arguments: ["GET", "DELETE"],
        [
            "invalid-id", "1", "a1b2c3d4-e5f6-7890-abcd-ef123456789", "a1b2c3d4-e5f6-7890-abcd-ef12345678901",
            "g1b2c3d4-e5f6-7890-abcd-ef1234567890", "a1b2c3d4e5f6-7890abcd-ef1234567890-", "%20",
        ])
    func `id is a UUID`(method: String, id: String) async throws {
        expectFailure(try await server.request(method, "/api/v1/python/job?id=\(id)"), 400, "INVALID_JOB_ID")
    }

    @Test(
        arguments: ["GET", "DELETE"],
        [
            "a1b2c3d4-e5f6-7890-abcd-ef1234567890", "A1B2C3D4-E5F6-7890-ABCD-EF1234567890", "a1b2c3d4e5f67890abcdef1234567890",
        ])
    func `id that nobody has is repeated as it was sent`(method: String, id: String) async throws {
        let answer = try await server.request(method, "/api/v1/python/job?id=\(id)")
        let error = expectFailure(answer, 404, "JOB_NOT_FOUND")
        #expect(error["message"] == .string("Job with ID '\(id)' not found"))
    }

    @Test func `may be percent-encoded`() async throws {
        let id = try #require(try await server.execute("1")["job_id"]?.string)
        let encoded = id.map { $0 == "-" ? "%2D" : String($0) }.joined()
        #expect(try await server.get("/api/v1/python/job?id=\(encoded)")["job"]?["id"] == .string(id))
        expectFailure(try await server.get("/api/v1/python/job?id=%zz"), 400, "BAD_REQUEST")
    }

    @Test(arguments: [JSON.string(""), "a b", "ä", .string(String(repeating: "a", count: 65)), 7, ["a"]])
    func `a session's name has 1 to 64 letters, digits, dots, underscores and hyphens`(name: JSON) async throws {
        let answer = try await server.post("/api/v1/python/execute", ["code": "1", "session": name])
        let error = expectFailure(answer, 400, "INVALID_PARAMETER")
        #expect(error["details"]?["parameter"] == "session")
        let good = String(repeating: "a", count: 60) + "Z9._".prefix(3) + "-"
        expectSuccess(try await server.post("/api/v1/python/execute", ["code": "1", "session": .string(good)]))
        expectSuccess(try await server.post("/api/v1/python/execute", ["code": "1", "session": nil]))
    }
}
