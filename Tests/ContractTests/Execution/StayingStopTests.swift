import Glibc
import RoostCore
import Testing

/// Time-outs and cancels where the process stays after its job.
@Suite(.server("--isolation", "shared", "--workers", "2"), .serialized)
struct `A job that is stopped in a process that stays` {
    /// Code that gives in to the exception, and code that has to be killed.
    private static let codes: [(code: String, givesIn: Bool)] = [
        ("while True: pass", true), ("time.sleep(60)", true), ("threading.Event().wait()", true),
        ("subprocess.run(['/bin/sleep', '60'])", true),
        ("threading.Thread(target=time.sleep, args=(60,), daemon=True).start(); time.sleep(60)", false),
        ("atexit.register(time.sleep, 60)", true), ("ctypes.PyDLL(None).sleep(60)", true), ("10 ** 10 ** 10", true),
        ("while True:\n    try: time.sleep(1)\n    except BaseException: pass", false),
        ("signal.signal(signal.SIGRTMIN + 1, signal.SIG_IGN)\nsignal.signal(signal.SIGRTMIN + 2, signal.SIG_IGN)\ntime.sleep(60)", false),
    ]
    private static let imports = "import atexit, ctypes, os, signal, subprocess, threading, time\n"

    private func members(_ session: String?) -> JSONObject { session.map { ["session": .string($0)] } ?? [:] }

    private func state(_ session: String?) async throws -> HTTPAnswer {
        try await server.execute("import os\nprint('kept' in globals())\nos.getpid()", members(session))
    }

    @Test(arguments: codes.indices, [nil, "timeout"])
    func `is ended in time, and told so`(index: Int, session: String?) async throws {
        let (code, givesIn) = Self.codes[index]
        let members = members(session)
        expectSuccess(try await server.execute("kept = 1", members))
        var timed = members
        timed["timeout"] = 1
        let answer = try await server.execute(Self.imports + "print('before')\n" + code, timed)
        expectFailure(answer, 504, "TIMEOUT")
        #expect(answer.time < .milliseconds(2800))
        #expect(answer["output"] == "before")
        let job = try await server.job(#require(answer["job_id"]?.string))
        #expect(job["status"] == "failed")
        #expect(job["error"]?["code"] == "TIMEOUT")
        let after = try await state(session)
        expectSuccess(after)
        guard session != nil else { return }
        #expect(after["output"] == .string(givesIn ? "True" : "False"))
        #expect(after["session_reset"] == (givesIn ? nil : true))
    }

    @Test(arguments: codes.indices, [nil, "cancel"])
    func `is gone within two seconds with what it started when it is cancelled`(index: Int, session: String?) async throws {
        let server = try server
        let (code, givesIn) = Self.codes[index]
        var members = members(session)
        expectSuccess(try await server.execute("kept = 1", members))
        members["timeout"] = 300
        let id = try await server.start(
            Self.imports + "child = subprocess.Popen(['/bin/sleep', '1000'])\nprint(child.pid, 'begun', flush=True)\n" + code, members)
        let output = try await server.wait(for: id, output: "begun")["output"]?.string
        let answer = try await server.delete("/api/v1/python/job?id=\(id)")
        #expect(answer["message"] == "Job cancelled")
        #expect(answer.time < .milliseconds(2300))
        let child = try #require(output?.split(separator: " ").first)
        #expect(!Files.exists("/proc/\(child)/stat"), "nothing of it is left when the answer comes")
        #expect(try await server.job(id)["status"] == "cancelled")
        let after = try await state(session)
        expectSuccess(after)
        guard session != nil else { return }
        #expect(after["output"] == .string(givesIn ? "True" : "False"))
    }

    @Test func `does not have the next job stopped in its place`() async throws {
        for number in 1...20 {
            let id = try await server.start("import time\nprint('begun', flush=True)\ntime.sleep(60)", ["session": "late"])
            try await server.wait(for: id, output: "begun")
            async let cancelled: Void = server.cancel(id)
            let next = try await server.execute("import time\ntime.sleep(0.01)\n\(number)", ["session": "late"])
            expectSuccess(next)
            #expect(next["result"] == .int(number))
            try await cancelled
        }
    }
}
