import Glibc
import RoostCore
import Testing

@Suite(.server("--workers", "2")) struct `roost run` {
    @Test func `passes both streams on and ends as the script does`() async throws {
        let path = try server.script("import sys\nprint('out é')\nprint('err', file=sys.stderr)\nsys.stdout.write('no newline')")
        let process = try await server.command("run", path)
        #expect(process.ending == .exit(0))
        #expect(process.output == "out é\nno newline")
        #expect(process.errors == "err\n")
    }

    @Test(arguments: [
        ("import sys; sys.exit()", 0, ""), ("import sys; sys.exit(7)", 7, ""), ("import sys; sys.exit(256 + 3)", 3, ""),
        ("import sys; sys.exit('gone wrong')", 1, "gone wrong\n"),
        (
            "raise ValueError('bad')", 1,
            "Traceback (most recent call last):\n  File \"<string>\", line 1, in <module>\nValueError: bad\n"
        ),
        ("import os; os._exit(5)", 5, "roost: The Python process exited with code 5 before the job was done\n"),
        ("import os; os.kill(os.getpid(), 9)", 137, "roost: The Python process was ended by SIGKILL\n"),
        ("import os; os.kill(os.getpid(), 11)", 139, "roost: The Python process was ended by SIGSEGV\n"),
    ])
    func `exits with the script's code`(code: String, exit: Int32, errors: String) async throws {
        let process = try await server.command("run", try server.script(code))
        #expect(process.ending == .exit(exit))
        #expect(process.errors == errors)
    }

    @Test func `exits with 124 when the time is over, and keeps what was written`() async throws {
        let path = try server.script("import time\nprint('before', flush=True)\ntime.sleep(60)")
        let process = try await server.command("run", "--timeout", "1", path)
        #expect(process.ending == .exit(124))
        #expect(process.output == "before\n")
        #expect(process.errors == "roost: timed out after 1 s\n")
    }

    @Test func `passes output on while the script still runs`() async throws {
        let gate = try server.folder.path + "/gate-\(UInt64.random(in: 0 ... .max))"
        let path = try server.script(
            "import os, time\nprint('first', flush=True)\nwhile not os.path.exists('\(gate)'): time.sleep(0.01)\nprint('second')")
        let process = try CommandRun.start(["run", path], in: server.folder)
        try await eventually("the first line") { process.output == "first\n" }
        #expect(process.ending == nil)
        try Files.write(gate, "")
        #expect(try await process.waitForEnd() == .exit(0))
        #expect(process.output == "first\nsecond\n")
    }

    @Test func `keeps the variables of a session`() async throws {
        _ = try await server.command("run", "--session", "kept", try server.script("x = 41"))
        let process = try await server.command("run", "--session", "kept", try server.script("print(x + 1)"))
        #expect(process.output == "42\n")
    }

    @Test func `prints the whole job as one line of JSON`() async throws {
        let process = try await server.command("run", "--json", try server.script("print('x')\n6 * 7"))
        #expect(process.ending == .exit(0))
        #expect(process.output.split(separator: "\n").count == 1)
        let job = try JSONParser.parse(Array(process.output.utf8))
        #expect(job["result"] == 42)
        #expect(job["output"] == "x")
        #expect(job["status"] == "completed")
        let failed = try await server.command("run", "--json", try server.script("1 / 0"))
        #expect(failed.ending == .exit(1))
        #expect(try JSONParser.parse(Array(failed.output.utf8))["error"]?["type"] == "ZeroDivisionError")
    }

    @Test(arguments: [(2, 130), (15, 143), (1, 129)] as [(Int32, Int32)])
    func `cancels the job on the server when it is stopped, and waits for that`(signal: Int32, exit: Int32) async throws {
        let path = try server.script("import roost, time\nprint(roost.job_id, flush=True)\ntime.sleep(250)")
        let process = try CommandRun.start(["run", path], in: server.folder)
        try await eventually("its id") { process.output.hasSuffix("\n") }
        process.signal(signal)
        #expect(try await process.waitForEnd() == .exit(exit))
        #expect(try await server.job(String(process.output.dropLast()))["status"] == "cancelled")
    }

    @Test func `exits with 130 when somebody else cancels the job`() async throws {
        let path = try server.script("import roost, time\nprint(roost.job_id, flush=True)\ntime.sleep(250)")
        let process = try CommandRun.start(["run", path], in: server.folder)
        try await eventually("its id") { process.output.hasSuffix("\n") }
        try await server.cancel(String(process.output.dropLast()))
        #expect(try await process.waitForEnd() == .exit(130))
        #expect(process.errors == "roost: cancelled\n")
    }

    @Test func `cancels the job when nobody reads its output any more`() async throws {
        let path = try server.script(
            "import roost, time\nfor i in range(10_000):\n    print(roost.job_id, flush=True)\n    time.sleep(0.01)")
        let process = try ChildProcess(
            "/bin/sh", ["-c", "\"$0\" run \"$1\" | head -n 1", Programs.roost, path],
            environment: ServerProcess.environment(server.folder), folder: server.folder.path)
        #expect(try await process.waitForEnd() == .exit(0))
        #expect(process.errors == "")
        // The shell waits for both, so that it has been cancelled by now.
        #expect(try await server.job(String(process.output.dropLast()))["status"] == "cancelled")
    }

    @Test func `refuses what cannot be run with 125`() async throws {
        let folder = try server.folder
        try Files.write(folder.scratch + "/latin.py", [0x70, 0xE9])
        try Files.write(folder.scratch + "/empty.py", "")
        let cases = [
            (["run", "/nonexistent.py"], "cannot read '/nonexistent.py': No such file or directory"),
            (["run", folder.scratch], "Is a directory"), (["run", folder.scratch + "/latin.py"], "is no UTF-8 text"),
            (["run", folder.scratch + "/empty.py"], "is empty"),
            (["run", "--timeout", "301", try server.script("1")], "INVALID_TIMEOUT"),
            (["run", "--session", "no name", try server.script("1")], "INVALID_PARAMETER"),
        ]
        for (arguments, text) in cases {
            let process = try await CommandRun.run(arguments, in: folder)
            #expect(process.ending == .exit(125))
            #expect(process.errors.hasPrefix("roost: "))
            #expect(process.errors.contains(text), "\(process.errors)")
            #expect(process.errors.split(separator: "\n").count == 1)
        }
    }

    @Test func `runs on a server that speaks the classic dialect`() async throws {
        try await withServer("--python-dialect", "classic") { server in
            let process = try await server.command("run", try server.script("print('x')\nraise ValueError('bad')"))
            #expect(process.ending == .exit(1))
            #expect(process.output == "x\n")
            #expect(process.errors.hasSuffix("ValueError: bad\n"))
            #expect(try await server.command("jobs").output.contains("failed"))
        }
    }

    @Test func `finds out what became of its job when the server was killed and started again`() async throws {
        let folder = try TemporaryFolder()
        try await Places.shared.hold {
            let killed = try await ServerProcess(in: folder)
            let path = try killed.script("import time\nprint('running', flush=True)\ntime.sleep(250)")
            let process = try CommandRun.start(["run", path], in: folder)
            try await eventually("its output") { process.output == "running\n" }
            try await killed.kill9()
            let server = try await ServerProcess(in: folder, portOption: ["--port", "\(killed.port)"])
            #expect(try await process.waitForEnd() == .exit(143))
            #expect(process.errors == "roost: the server stopped before the job had ended\n")
            try await server.kill9()
        }
    }

    @Test func `reads a script from standard input, with a byte order mark too`() async throws {
        try Files.write(server.folder.scratch + "/bom.py", [0xEF, 0xBB, 0xBF] + Array("print('ok')".utf8))
        let process = try ChildProcess(
            "/bin/sh", ["-c", "\"$0\" run - < \"$1\"", Programs.roost, server.folder.scratch + "/bom.py"],
            environment: ServerProcess.environment(server.folder), folder: server.folder.path)
        #expect(try await process.waitForEnd() == .exit(0))
        #expect(process.output == "ok\n")
    }
}
