import RoostCore
import Testing

@Suite struct `Retention` {
    private func fill(_ folder: TemporaryFolder) async throws -> [String] {
        let server = try await ServerProcess(in: folder)
        var made: [String] = []
        for number in 0..<6 { made.append(try #require(try await server.execute("\(number)")["job_id"]?.string)) }
        try await server.stop()
        return made
    }

    @Test func `keeps the newest when there are too many`() async throws {
        let folder = try TemporaryFolder()
        try await Places.shared.hold {
            let made = try await fill(folder)
            let server = try await ServerProcess(["--retention-count", "2"], in: folder)
            try await eventually("old jobs are swept away") {
                try await server.get("/api/v1/python/jobs")["total"] == 2
            }
            let list = try await server.get("/api/v1/python/jobs?order=asc")
            #expect(list["jobs"]?.array?.compactMap { $0["job_id"]?.string } == Array(made.suffix(2)))
            expectFailure(try await server.get("/api/v1/python/job?id=\(made[0])"), 404, "JOB_NOT_FOUND")
            try await server.stop()
        }
    }

    @Test func `keeps the young when others are too old`() async throws {
        let folder = try TemporaryFolder()
        try await Places.shared.hold {
            _ = try await fill(folder)
            let old = ContinuousClock.now + .seconds(1.1)
            try await eventually("the jobs are older than a second") { ContinuousClock.now > old }
            let server = try await ServerProcess(["--retention-age", "1"], in: folder)
            try await eventually("old jobs are swept away") {
                try await server.get("/api/v1/python/jobs")["total"] == 0
            }
            try await server.stop()
        }
    }

    @Test func `is generous unless told otherwise`() async throws {
        let folder = try TemporaryFolder()
        try await Places.shared.hold {
            let made = try await fill(folder)
            let server = try await ServerProcess(in: folder)
            let list = try await server.get("/api/v1/python/jobs")
            #expect(list["total"] == .int(made.count))
            try await server.stop()
        }
    }
}
