import Glibc
import RoostCore
import Testing

/// Runs one abuse beside a well-behaved job and asserts what must hold for every one of them.
struct AbuseHarness {
    let server: ServerProcess

    func check(_ abuse: Abuse) async throws {
        // In the name of every process and thread that the code forks, and in the environment of those it executes.
        let mark = "qa" + String(UInt32.random(in: 0..<1 << 30), radix: 36)
        let prefix = "import ctypes, os; ctypes.CDLL(None).prctl(15, b'\(mark)', 0, 0, 0); os.environ['QA'] = '\(mark)'\n"
        let neighbour = try await server.start("import time\ntime.sleep(0.3)\nprint('fine')", ["timeout": 120])
        async let pulses = pulse()
        let answer = try await server.execute(prefix + abuse.code, ["timeout": .int(abuse.timeout)])

        let code = answer["error"]?["code"]?.string
        #expect(
            abuse.endings.contains(.init(status: answer.status, code: code)),
            "\(answer.status) \(answer.text.prefix(800))")
        let id = try #require(answer["job_id"]?.string)
        if let says = abuse.says {
            let told = (answer["output"]?.string ?? "") + (answer["error"]?["message"]?.string ?? "")
            #expect(told.contains(says), "\(answer.text.prefix(800))")
        }
        let took = try #require(answer["duration_ms"]?.int)
        // The timeout, half a second to clean up, one to be killed; and the machine may be busy.
        #expect(took < abuse.timeout * 1000 + 5000, "it took \(took) ms")

        try await eventually("no process of '\(abuse.name)' is left") { Self.processes(marked: mark).isEmpty }
        let fine = try await server.wait(for: neighbour, status: "completed", within: .seconds(60))
        #expect(fine["output"] == "fine")
        #expect(try await pulses < .milliseconds(200), "the server answers at once")
        try await expectOneEnd(id, answer)
    }

    /// The middle one of some answer times of `/health`: one of them may meet a busy machine.
    private func pulse() async throws -> Duration {
        var times: [Duration] = []
        for _ in 0..<9 {
            let answer = try await server.get("/api/v1/health")
            #expect(answer.status == 200)
            times.append(answer.time)
            try await Task.sleep(for: .milliseconds(20))
        }
        return times.sorted()[times.count / 2]
    }

    /// One record, with the state that was answered, and one end among its events.
    private func expectOneEnd(_ id: String, _ answer: HTTPAnswer) async throws {
        let job = try await server.job(id)
        #expect(job["status"] == (answer.status == 200 ? "completed" : "failed"))
        #expect(job["error"]?["code"] == answer["error"]?["code"])
        let list = try await server.get("/api/v1/python/jobs?limit=1000")
        #expect(list["jobs"]?.array?.count { $0["job_id"] == .string(id) } == 1)
        let events = try await server.get("/api/v1/python/events?id=\(id)")
        #expect(events.text.split(separator: "\n").count { $0 == "event: done" } == 1)
    }

    /// Processes with this name or with this in their environment.
    static func processes(marked mark: String) -> [String] {
        Files.names(in: "/proc").filter { name in
            guard name.first?.isNumber == true else { return false }
            if (try? Files.text("/proc/\(name)/comm"))?.hasPrefix(mark) == true { return true }
            return (try? Files.text("/proc/\(name)/environ"))?.contains("QA=\(mark)\0") == true
        }
    }
}
