import RoostCore
import Testing

@Suite struct `History over a restart` {
    private static let codes = [
        "print('a')", "print('a\\n\\n')\n{'x': [1, None, 'é']}", "1/0", "x = = 1", "import sys; sys.exit(3)",
        "unreal.log_warning('w')\nimport sys\nprint('e', file=sys.stderr)", "import os; os._exit(4)",
        "import os; os.kill(os.getpid(), 11)", "raise MemoryError", "print('x' * 100_000)", "'y' * 2_000_000",
        "for i in range(10_001): print(i)", "print('a\\0b 🐓')", "import os; os.write(1, b'\\xff\\xfe')",
    ]

    @Test func `is the same after a clean stop`() async throws {
        let folder = try TemporaryFolder()
        try await Places.shared.hold {
            var server = try await ServerProcess(in: folder)
            for code in Self.codes { _ = try await server.execute(code) }
            _ = try await server.post(ServerProcess.execute, text: #"{"code":"print('\ud800')"}"#)
            expectFailure(try await server.execute("while True: print('x')", ["timeout": 1]), 504, "TIMEOUT")
            let cancelled = try await server.start("import time\nprint('c', flush=True)\ntime.sleep(60)")
            try await server.wait(for: cancelled, output: "c")
            try await server.cancel(cancelled)
            let removed = try #require(try await server.execute("1")["job_id"]?.string)
            _ = try await server.delete("/api/v1/python/job?id=\(removed)")
            let before = try await HistorySnapshot(of: server)
            #expect(before.jobs.count == Self.codes.count + 3)
            #expect(try await server.stop() == .exit(0))

            server = try await ServerProcess(in: folder)
            let after = try await HistorySnapshot(of: server)
            #expect(after.list == before.list)
            for (id, job) in before.jobs { #expect(after.jobs[id] == job, "\(id)") }
            #expect(after.jobs.count == before.jobs.count)
            expectFailure(try await server.get("/api/v1/python/job?id=\(removed)"), 404, "JOB_NOT_FOUND")
            #expect(try await server.stop() == .exit(0))
        }
    }

    @Test func `answers a client's job id as before`() async throws {
        let folder = try TemporaryFolder()
        let id = "20000000-0000-4000-8000-000000000001"
        try await Places.shared.hold {
            var server = try await ServerProcess(in: folder)
            let first = try await server.execute("print('once')\n1/0", ["job_id": .string(id)])
            expectFailure(first, 500, "PYTHON_RUNTIME_ERROR")
            try await server.stop()
            server = try await ServerProcess(in: folder)
            let second = try await server.execute("print('once')\n1/0", ["job_id": .string(id)])
            expectFailure(second, 500, "PYTHON_RUNTIME_ERROR")
            #expect(second.json == first.json)
            expectFailure(try await server.execute("2", ["job_id": .string(id)]), 409, "JOB_CONFLICT")
            try await server.stop()
        }
    }

    @Test func `loses nothing that was answered when the server is killed`() async throws {
        let folder = try TemporaryFolder()
        try await Places.shared.hold {
            var server = try await ServerProcess(["--workers", "2"], in: folder)
            for number in 0..<10 { _ = try await server.execute("print(\(number))\n\(number)") }
            let answered = try await HistorySnapshot(of: server)
            #expect(answered.jobs.count == 10)
            let busy = try await server.start(
                "import time, os\nprint(f'saved {os.getpid()}', flush=True)\nunreal.log('logged')\ntime.sleep(100)", ["timeout": 300])
            let endless = try await server.start("while True: pass", ["timeout": 300])
            let queued = try await server.start("print('never')")
            let printed = try await server.wait(for: busy, output: "saved")
            try await server.wait(for: endless, status: "running")
            // Output is saved at least once a second.
            let saved = ContinuousClock.now + .milliseconds(1300)
            try await eventually("more than a second has passed") { ContinuousClock.now > saved }
            let late = try await server.get("/api/v1/python/job?id=\(answered.jobs.keys.first ?? "")")
            #expect(late.status == 200)
            try await server.kill9()
            let process = try #require(printed["output"]?.string?.split(separator: " ").last.map(String.init))
            try await eventually("the job's process is gone") { !Files.exists("/proc/\(process)/stat") }

            server = try await ServerProcess(in: folder)
            let after = try await HistorySnapshot(of: server)
            #expect(after.jobs.count == 13)
            for (id, job) in answered.jobs { #expect(after.jobs[id] == job, "\(id)") }
            for id in [busy, endless, queued] {
                let job = try #require(after.jobs[id])
                #expect(job["status"] == "failed")
                #expect(job["error"]?["code"] == "SERVER_STOPPED")
                #expect(isTimestamp(job["completed_at"]))
            }
            #expect(after.jobs[busy]?["output"] == printed["output"])
            #expect(logs(after.jobs[busy]?["logs"])?.contains(["info", "logged"]) == true)
            #expect(after.jobs[queued]?["output"] == "")
            #expect(after.jobs[queued]?["started_at"] == .null)
            let failed = try await server.get("/api/v1/python/jobs?status=failed")
            #expect(failed["total"] == 3)
            expectSuccess(try await server.execute("1"))
            try await server.stop()
        }
    }

    @Test func `is complete for every answer of a burst cut by a kill`() async throws {
        let folder = try TemporaryFolder()
        try await Places.shared.hold {
            var server = try await ServerProcess(["--workers", "2"], in: folder)
            let burst = server
            let answers = try await withThrowingTaskGroup(of: HTTPAnswer?.self) { group in
                for number in 0..<60 {
                    group.addTask { try? await burst.execute("print(\(number))\n\(number)") }
                }
                var answers: [HTTPAnswer] = []
                for try await answer in group {
                    if let answer, answer.status == 200 { answers.append(answer) }
                    if answers.count == 15 { burst.process.signal(9) }
                }
                return answers
            }
            _ = try await server.process.waitForEnd()
            #expect(answers.count >= 15)
            server = try await ServerProcess(in: folder)
            for answer in answers {
                let job = try await server.job(#require(answer["job_id"]?.string))
                #expect(job["status"] == "completed")
                for name in ["output", "logs", "result", "duration_ms"] { #expect(job[name] == answer[name], "\(name)") }
            }
            try await server.stop()
        }
    }
}
