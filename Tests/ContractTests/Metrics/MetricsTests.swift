import RoostCore
import Testing

/// `GET /metrics`.
@Suite(.server("--workers", "2", "--examples")) struct `The metrics` {
    private static let prometheus = "text/plain; version=0.0.4; charset=utf-8"
    private static let openMetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8"

    private func page(_ server: ServerProcess) async throws -> MetricsPage {
        try await MetricsPage(server.get("/metrics"), format: "prometheus")
    }

    /// One line of the table in the documentation.
    private struct Row {
        let name: String
        let type: String
        let labels: [String]
    }

    private static func documented() throws -> [Row] {
        let root = #filePath.split(separator: "/").dropLast(4).reduce("") { $0 + "/" + $1 }
        return try Files.text(root + "/Documentation/Operating.md").split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|").map { String($0.drop { $0 == " " }) }
            guard cells.count == 4, cells[0].hasPrefix("`roost_") || cells[0].hasPrefix("`process_") else { return nil }
            let words = cells.map { $0.split(separator: "`").map(String.init) }
            return Row(
                name: words[0][0], type: String(cells[1].prefix { $0 != " " }),
                labels: words[2].filter { $0.contains { $0.isLetter } })
        }
    }

    @Test func `are documented, each of them, and nothing else is`() async throws {
        let rows = try Self.documented()
        let types = try await server.get("/metrics").text.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }
        #expect(rows.map { "# TYPE \($0.name) \($0.type)" }.sorted() == types.map(String.init).sorted())
    }

    @Test func `are what Prometheus' own parser reads, in both formats`() async throws {
        let server = try server
        _ = try await server.execute("print(1)")
        _ = try await server.get("/no/such/path")
        let plain = try await server.get("/metrics")
        #expect(plain.status == 200)
        #expect(plain[field: "Content-Type"] == Self.prometheus)
        let open = try await server.request("GET", "/metrics", fields: [("Accept", "application/openmetrics-text")])
        #expect(open[field: "Content-Type"] == Self.openMetrics)
        let rows = try Self.documented()
        for page in [
            try await MetricsPage(plain, format: "prometheus"), try await MetricsPage(open, format: "openmetrics"),
        ] {
            #expect(page.families.count == rows.count)
            for row in rows {
                let title = row.type == "counter" ? String(row.name.dropLast("_total".count)) : row.name
                let family = try #require(page.families[title], "\(title)")
                #expect(family.type == row.type, "\(title)")
                #expect(!family.help.isEmpty && !family.help.hasSuffix("."), "\(title)")
                #expect((row.type == "counter") == row.name.hasSuffix("_total"), "\(title)")
                for sample in family.samples {
                    #expect(Set(sample.labels.keys).subtracting(["le"]) == Set(row.labels), "\(sample)")
                    #expect(sample.value >= 0, "\(sample)")
                }
            }
            for name in page.families.filter({ $0.value.type == "histogram" }).keys {
                for (labels, buckets) in page.buckets(name) {
                    #expect(buckets.map(\.bound) == buckets.map(\.bound).sorted(), "\(name) \(labels)")
                    #expect(buckets.map(\.count) == buckets.map(\.count).sorted(), "\(name) \(labels)")
                    #expect(buckets.last?.bound == .infinity)
                    #expect(buckets.last?.count == page.value(name + "_count", labels))
                }
            }
            #expect(!page.buckets("roost_http_request_duration_seconds").isEmpty)
            #expect(!page.buckets("roost_job_duration_seconds").isEmpty)
        }
    }

    @Test func `go up with requests and jobs`() async throws {
        // On its own, so that nobody else's requests are counted.
        try await withServer("--workers", "1") { server in
            let before = try await page(server)
            for _ in 0..<3 { #expect(try await server.get("/api/v1/health").status == 200) }
            #expect(try await server.execute("print(1)").status == 200)
            #expect(try await server.execute("1/0").status == 500)
            #expect(try await server.execute("import os\nos._exit(3)").status == 500)
            let long = try await server.start("import time\nprint('on', flush=True)\ntime.sleep(60)")
            try await server.wait(for: long, output: "on")
            let waiting = try await server.start("print(2)")
            let during = try await page(server)
            #expect(during.value("roost_jobs_running", ["lane": "python"]) == 1)
            #expect(during.value("roost_jobs_queued", ["lane": "python"]) == 1)
            #expect(during.value("roost_python_workers_busy") == 1)
            #expect(during.value("roost_python_workers") == 1)
            try await server.cancel(waiting)
            try await server.cancel(long)
            #expect(try await server.run("return 1").status == 200)

            // The process of a job that was stopped is counted when it is gone.
            let after = try await eventually("the processes are gone", within: .seconds(30)) { () -> MetricsPage? in
                let now = try await page(server)
                let ended = ["cause": "retired"]
                return now.value("roost_python_processes_ended_total", ended) >= 3 ? now : nil
            }
            func growth(_ name: String, _ labels: [String: String]) -> Double {
                after.value(name, labels) - before.value(name, labels)
            }
            let health = ["method": "GET", "route": "/api/v1/health"]
            let execute = ["method": "POST", "route": "/api/v1/python/execute"]
            #expect(growth("roost_http_requests_total", health.merging(["status": "200"]) { $1 }) == 3)
            #expect(growth("roost_http_request_duration_seconds_count", health) == 3)
            #expect(growth("roost_http_requests_total", execute.merging(["status": "200"]) { $1 }) == 1)
            #expect(growth("roost_http_requests_total", execute.merging(["status": "500"]) { $1 }) == 2)
            #expect(growth("roost_http_requests_total", execute.merging(["status": "202"]) { $1 }) == 2)
            #expect(growth("roost_jobs_accepted_total", ["handler": "python"]) == 5)
            #expect(growth("roost_jobs_finished_total", ["handler": "python", "status": "completed"]) == 1)
            #expect(growth("roost_jobs_finished_total", ["handler": "python", "status": "failed"]) == 2)
            #expect(growth("roost_jobs_finished_total", ["handler": "python", "status": "cancelled"]) == 2)
            #expect(growth("roost_jobs_finished_total", ["handler": "code", "status": "completed"]) == 1)
            // The job that was cancelled while it waited never ran.
            #expect(growth("roost_job_duration_seconds_count", ["handler": "python"]) == 4)
            #expect(growth("roost_python_processes_ended_total", ["cause": "exited"]) == 1)
            #expect(growth("roost_python_processes_ended_total", ["cause": "stopped"]) == 1)
            #expect(after.value("roost_jobs_running", ["lane": "python"]) == 0)
            #expect(after.value("roost_http_connections") == 1)
            // Each job is put in, begun and ended.
            #expect(growth("roost_history_commit_changes_sum", [:]) >= 14)
            #expect(growth("roost_history_commit_changes_count", [:]) >= 1)
            #expect(after.value("roost_history_database_bytes") > 4096)
            #expect(after.value("process_resident_memory_bytes") > 1_000_000)
            #expect(after.value("process_start_time_seconds") > 1_700_000_000)
            #expect(after.value("process_cpu_seconds_total") > before.value("process_cpu_seconds_total"))
        }
    }

    @Test func `have labels that no client chooses`() async throws {
        try await withServer("--workers", "1", "--examples") { server in
            for index in 0..<50 {
                _ = try await server.get("/api/v1/made/up/\(index)")
                _ = try await server.get("/api/v1/notes/\(index)?x=\(index)")
                _ = try await server.request("MADEUP\(index)", "/api/v1/health")
            }
            let page = try await page(server)
            let labels = page.families["roost_http_requests"]?.samples.map(\.labels) ?? []
            #expect(Set(labels.map { $0["method"] }) == ["GET", "other"])
            #expect(labels.count <= 4, "\(labels)")
            #expect(labels.contains { $0["route"] == "/api/v1/notes/{id}" }, "\(labels)")
            #expect(page.value("roost_http_requests_total", ["method": "GET", "route": "none", "status": "404"]) == 50)
        }
    }

    @Test func `are for those who may call`() async throws {
        let server = try server
        #expect(try await server.request("GET", "/metrics", host: "evil.example").status == 403)
        let foreign = try await server.request("GET", "/metrics", fields: [("Origin", "http://evil.example")])
        #expect(foreign.status == 403)
        #expect(try await server.request("HEAD", "/metrics").status == 200)
        expectFailure(try await server.post("/metrics", text: "{}"), 405, "METHOD_NOT_ALLOWED")
        try await withServer(environment: ["ROOST_API_KEY": "key-for-metrics-1a2b"]) { server in
            expectFailure(try await server.get("/metrics"), 401, "UNAUTHORIZED")
            let fields = [("Authorization", "Bearer key-for-metrics-1a2b")]
            #expect(try await server.request("GET", "/metrics", fields: fields).status == 200)
        }
    }
}
