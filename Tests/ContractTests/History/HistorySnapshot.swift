import RoostCore

/// All that a server tells about its jobs.
struct HistorySnapshot {
    let list: JSON?
    let jobs: [String: JSON]

    init(of server: ServerProcess) async throws {
        let list = try await server.get("/api/v1/python/jobs?limit=1000")
        var jobs: [String: JSON] = [:]
        for item in list["jobs"]?.array ?? [] {
            guard let id = item["job_id"]?.string else { continue }
            jobs[id] = try await server.job(id)
        }
        self.list = list.json
        self.jobs = jobs
    }
}
