import RoostCore
import Testing

@Suite(.server("--workers", "4")) struct `Python code that fails` {
    @Test(arguments: [
        ("x = = 1", 1), ("ok = 1\nif True print(1)", 2), ("def f():\npass", 2), ("return 1", 1), ("'unterminated", 1),
        ("  x = 1", 1), ("for i in range(3):\n    break\nbreak", 3),
    ])
    func `does not compile`(code: String, line: Int) async throws {
        let answer = try await server.execute(code)
        let error = expectFailure(answer, 400, "PYTHON_SYNTAX_ERROR")
        #expect(error["line"] == .int(line))
        #expect(error["type"]?.string == "SyntaxError" || error["type"]?.string == "IndentationError")
        #expect(error["traceback"]?.string?.contains("File \"<string>\", line \(line)") == true)
        let job = try await server.job(#require(answer["job_id"]?.string))
        #expect(job["status"] == "failed")
        #expect(job["error"]?["code"] == "PYTHON_SYNTAX_ERROR")
    }

    @Test func `does not compile and says why in Python's words`() async throws {
        #expect(expectFailure(try await server.execute("x = = 1"), 400, "PYTHON_SYNTAX_ERROR")["message"] == "invalid syntax")
    }

    @Test(arguments: [#"print(1)\u0000"#, #"print('\ud800')"#, #"print('\udc00\ud800')"#])
    func `cannot even be read and has no line`(code: String) async throws {
        let answer = try await server.post(ServerProcess.execute, text: "{\"code\":\"\(code)\"}")
        let error = expectFailure(answer, 400, "PYTHON_SYNTAX_ERROR")
        #expect(error["line"] == nil)
        let job = try await server.job(#require(answer["job_id"]?.string))
        #expect(job["status"] == "failed")
        #expect(job["code"] != nil)
    }

    @Test func `raises an exception after printing`() async throws {
        let answer = try await server.execute(
            "import sys\nprint('out')\nprint('err', file=sys.stderr)\ndef f():\n    raise ValueError('bad')\nf()")
        let error = expectFailure(answer, 500, "PYTHON_RUNTIME_ERROR")
        #expect(error["message"] == "bad")
        #expect(error["type"] == "ValueError")
        #expect(error["line"] == 5, "the innermost line of the submitted code")
        #expect(
            error["traceback"] == """
                Traceback (most recent call last):
                  File "<string>", line 6, in <module>
                  File "<string>", line 5, in f
                ValueError: bad
                """)
        #expect(answer["output"] == "out")
        #expect(answer["stderr"]?.string?.hasPrefix("err") == true)
        #expect(logs(answer["logs"]) == [["info", "out"], ["error", "err"]])
        #expect(isInteger(answer["duration_ms"]))
    }

    @Test(arguments: [
        ("raise ValueError", "ValueError", "ValueError"), ("raise KeyError('k')", "KeyError", "'k'"),
        ("class E(Exception): pass\nraise E('é')", "E", "é"), ("assert False", "AssertionError", "AssertionError"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt", "KeyboardInterrupt"),
        ("import nosuchmodule", "ModuleNotFoundError", "No module named 'nosuchmodule'"),
        ("compile('x = = 1', 'f', 'exec')", "SyntaxError", nil),
        ("exec('x = = 1')", "SyntaxError", nil),
        ("def f(): f()\nf()", "RecursionError", nil),
    ])
    func `raises`(code: String, type: String, message: String?) async throws {
        let error = expectFailure(try await server.execute(code), 500, "PYTHON_RUNTIME_ERROR")
        #expect(error["type"] == .string(type))
        if let message { #expect(error["message"] == .string(message)) }
        #expect(error["traceback"]?.string?.hasPrefix("Traceback (most recent call last):\n  File \"<string>\"") == true)
        #expect(error["traceback"]?.string?.hasSuffix("\n") == false)
        #expect(isInteger(error["line"]))
    }

    @Test(arguments: [
        ("sys.exit(2)", "SystemExit: 2"), ("sys.exit('gone')", "SystemExit: gone"), ("exit(3)", "SystemExit: 3"),
        ("sys.exit(256)", "SystemExit: 256"),
    ])
    func `exits with something`(code: String, message: String) async throws {
        let error = expectFailure(
            try await server.execute("import sys\nprint('x')\n" + code), 500, "PYTHON_RUNTIME_ERROR")
        #expect(error["message"] == .string(message))
    }

    @Test(arguments: ["sys.exit()", "sys.exit(0)", "sys.exit(None)", "raise SystemExit"])
    func `exits with nothing and has not failed`(code: String) async throws {
        let answer = try await server.execute("import sys\nprint('x')\n\(code)\nprint('y')")
        expectSuccess(answer)
        #expect(answer["output"] == "x")
        #expect(answer["status"] == "completed")
    }

    @Test func `runs out of memory`() async throws {
        let answer = try await server.execute("print('x', flush=True)\nraise MemoryError")
        let error = expectFailure(answer, 500, "MEMORY_LIMIT")
        #expect(error["type"] == "MemoryError")
        #expect(answer["output"] == "x")
        #expect(try await server.job(#require(answer["job_id"]?.string))["error"]?["code"] == "MEMORY_LIMIT")
    }

    @Test(arguments: [
        ("import ctypes\nctypes.string_at(0)", "SIGSEGV"), ("import os\nos.kill(os.getpid(), 9)", "SIGKILL"),
        ("import os\nos.abort()", "SIGABRT"),
    ])
    func `dies by a signal`(code: String, signal: String) async throws {
        let answer = try await server.execute("print('before', flush=True)\n" + code)
        let error = expectFailure(answer, 500, "PYTHON_PROCESS_DIED")
        #expect(error["details"]?["signal"] == .string(signal))
        #expect(error["details"]?["exit_code"] == nil)
        #expect(error["traceback"] == nil && error["line"] == nil && error["type"] == nil)
        #expect(answer["output"] == "before")
        let job = try await server.job(#require(answer["job_id"]?.string))
        #expect(job["status"] == "failed")
        #expect(job["error"]?["code"] == "PYTHON_PROCESS_DIED")
        #expect(job["output"] == "before")
    }

    @Test(arguments: [0, 1, 42])
    func `leaves by the back door`(code: Int) async throws {
        let answer = try await server.execute("import os\nos.write(1, b'raw')\nos._exit(\(code))")
        let error = expectFailure(answer, 500, "PYTHON_PROCESS_DIED")
        #expect(error["details"]?["exit_code"] == .int(code))
        #expect(error["details"]?["signal"] == nil)
        #expect(answer["output"] == "raw")
    }

    @Test func `does not harm its neighbours`() async throws {
        let server = try server
        let neighbour = try await server.start("import time\nprint('start', flush=True)\ntime.sleep(1)\nprint('end')")
        try await server.wait(for: neighbour, output: "start")
        for _ in 0..<3 {
            expectFailure(
                try await server.execute("import os\nos.kill(os.getpid(), 11)"), 500, "PYTHON_PROCESS_DIED")
        }
        #expect(try await server.wait(for: neighbour, status: "completed")["output"] == "start\nend")
        expectSuccess(try await server.execute("1"))
    }

    @Test func `has a long traceback cut in the middle`() async throws {
        let answer = try await server.execute("raise ValueError('a' * 200_000 + 'z')")
        let error = expectFailure(answer, 500, "PYTHON_RUNTIME_ERROR")
        let traceback = try #require(error["traceback"]?.string)
        #expect(traceback.utf8.count <= 66_000, "64 KiB, and the words that say it is cut")
        #expect(traceback.hasPrefix("Traceback (most recent call last):"))
        #expect(traceback.hasSuffix("z"))
    }
}
