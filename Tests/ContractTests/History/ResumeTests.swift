import RoostCore
import Testing

/// `--resume`: what becomes of jobs that waited when the server died.
@Suite struct `A job that waited when the server died` {
    /// Occupies the only worker until the server dies.
    private static func occupy(_ server: ServerProcess) async throws -> String {
        let id = try await server.start("import time\nprint('busy', flush=True)\ntime.sleep(100)", ["timeout": 300])
        try await server.wait(for: id, output: "busy")
        return id
    }

    private static func arguments(_ resume: String) -> [String] {
        ["--workers", "1", "--examples", "--webhook-allow-private", "--resume", resume]
    }

    @Test func `runs after the restart as it would have, when that is asked for`() async throws {
        let receiver = try WebhookReceiver(.status(200))
        defer { receiver.close() }
        let folder = try TemporaryFolder()
        let own = "50000000-0000-4000-8000-000000000001"
        try await Places.shared.hold {
            var server = try await ServerProcess(Self.arguments("requeue"), in: folder)
            var counting: [String] = []
            for _ in 0..<4 {
                let answer = try await server.post(
                    "/api/v1/countdown/start", ["from": 1000, "interval_ms": 100, "async": true])
                counting.append(try #require(answer["job_id"]?.string))
            }
            let count = try await server.post("/api/v1/countdown/start", ["from": 2, "interval_ms": 7, "async": true])
            let counted = try #require(count["job_id"]?.string)
            let busy = try await Self.occupy(server)
            let plain = try await server.start("print('plain')\n1 + 1", ["job_id": .string(own), "timeout": 17.5])
            let first = try await server.start("x = 1", ["session": "s"])
            let second = try await server.start("print(x)", ["session": "s"])
            let answer = try await server.run(
                "return 5", ["webhook_url": .string(receiver.url()), "id": "mine"],
                fields: [("Prefer", "respond-async")])
            let coded = try #require(answer["job_id"]?.string)
            let cancelled = try await server.start("print('never')")
            try await server.cancel(cancelled)
            let waiting = try await server.get("/api/v1/jobs?status=pending")
            #expect(waiting["total"] == 5)
            let before = try await HistorySnapshot(of: server)
            try await server.kill9()

            server = try await ServerProcess(Self.arguments("requeue"), in: folder)
            for id in [plain, first, second, coded, counted] {
                let job = try await eventually("\(id) ends") { () -> JSON? in
                    let job = try await server.get("/api/v1/job?id=\(id)")["job"]
                    return job?["completed_at"]?.string == nil ? .none : job
                }
                #expect(job["status"] == "completed", "\(job)")
                #expect(job["resumed"] == true)
                if let old = before.jobs[id] {
                    for name in ["created_at", "timeout", "session", "client", "code", "handler"] {
                        #expect(job[name] == old[name], "\(name)")
                    }
                    #expect((job["started_at"]?.string ?? "") > (old["created_at"]?.string ?? "z"))
                }
            }
            #expect(try await server.job(plain)["output"] == "plain")
            #expect(try await server.job(first)["session_reset"] == true, "what was in the session is gone")
            let told = try await server.job(second)
            #expect(told["output"] == "1")
            #expect(told["session_reset"] == nil)
            // Whoever sends it again hears how it ended, and nothing runs twice.
            let again = try await server.execute("print('plain')\n1 + 1", ["job_id": .string(own), "timeout": 17.5])
            #expect(again["result"] == 2)
            #expect(again["resumed"] == true)
            let sent = try await receiver.wait(for: 1)
            #expect(sent.first?.json?["response"]?["result"] == 5)
            #expect(sent.first?.json?["id"] == "mine")

            for id in [busy] + counting {
                let job = try #require(try await server.get("/api/v1/job?id=\(id)")["job"])
                #expect(job["status"] == "failed")
                #expect(job["error"]?["code"] == "SERVER_STOPPED")
                #expect(job["error"]?["details"]?["previous_status"] == "running")
                #expect(job["resumed"] == nil)
            }
            #expect(try await server.job(cancelled)["status"] == "cancelled")
            #expect(try await server.get("/api/v1/python/sessions")["sessions"]?.array?.first?["jobs"] == 2)
            #expect(try await server.stop() == .exit(0))
        }
    }

    @Test func `can be followed and cancelled while it waits again`() async throws {
        let folder = try TemporaryFolder()
        try await Places.shared.hold {
            var server = try await ServerProcess(Self.arguments("requeue"), in: folder)
            _ = try await Self.occupy(server)
            let blocker = try await server.start("import time\nprint('again', flush=True)\ntime.sleep(100)", ["timeout": 300])
            let alone = try await server.start("print('a')")
            let inSession = try await server.start("print('b')", ["session": "s"])
            try await server.kill9()
            server = try await ServerProcess(Self.arguments("requeue"), in: folder)
            try await server.wait(for: blocker, output: "again")
            for id in [alone, inSession] {
                #expect(try await server.job(id)["status"] == "pending")
                let answer = try await server.delete("/api/v1/job?id=\(id)")
                #expect(answer["previous_status"] == "pending")
                #expect(try await server.job(id)["status"] == "cancelled")
                let events = try await server.get("/api/v1/job/events?id=\(id)")
                #expect(events.text.contains("event: done"))
            }
            #expect(try await server.get("/api/v1/python/sessions")["sessions"]?.array?.first?["busy"] == false)
            // A second crash: what runs now has begun, and is not begun once more.
            try await server.kill9()
            server = try await ServerProcess(Self.arguments("requeue"), in: folder)
            let job = try await server.job(blocker)
            #expect(job["status"] == "failed")
            #expect(job["error"]?["details"]?["previous_status"] == "running")
            #expect(job["resumed"] == true, "it is known to have been taken up")
            #expect(try await server.stop() == .exit(0))
        }
    }

    @Test func `fails unless that is asked for, and says that it had not run`() async throws {
        let folder = try TemporaryFolder()
        try await Places.shared.hold {
            var server = try await ServerProcess(["--workers", "1"], in: folder)
            _ = try await Self.occupy(server)
            let waiting = try await server.start("print('never')")
            try await server.kill9()
            server = try await ServerProcess(["--workers", "1"], in: folder)
            let job = try await server.job(waiting)
            #expect(job["status"] == "failed")
            #expect(job["error"]?["code"] == "SERVER_STOPPED")
            #expect(job["error"]?["details"]?["previous_status"] == "pending")
            #expect(job["started_at"] == .null)
            #expect(job["output"] == "")
            #expect(try await server.stop() == .exit(0))
        }
    }
}
