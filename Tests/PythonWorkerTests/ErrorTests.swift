import Testing

extension WorkerTests {
    @Suite struct Errors {
        @Test func `an exception has the shape of the reference's sample`() throws {
            let header = try #require(try WorkerProcess.run("undefined_var").header)
            #expect(header.outcome == "runtime_error")
            #expect(header.type == "NameError")
            #expect(header.message == "name 'undefined_var' is not defined")
            #expect(header.line == 1)
            #expect(
                header.traceback
                    == "Traceback (most recent call last):\n  File \"<string>\", line 1, in <module>\n"
                    + "NameError: name 'undefined_var' is not defined")
        }

        @Test func `what was printed before is kept`() throws {
            let report = try WorkerProcess.run("print('before')\n1/0")
            #expect(report.output == "before\n")
            #expect(report.error.isEmpty)
            #expect(report.header?.line == 2)
        }

        @Test(arguments: [
            ("x = 1\n1 +", "SyntaxError", "invalid syntax", 2 as Int?),
            (
                "if True:\nx", "IndentationError",
                "expected an indented block after 'if' statement on line 1", 2
            ),
            ("return 1", "SyntaxError", "'return' outside function", 1),
            ("a = '\0'", "ValueError", "source code string cannot contain null bytes", nil),
        ])
        func `code that does not compile`(source: String, type: String, message: String, line: Int?) throws {
            let report = try WorkerProcess.run(source)
            let header = try #require(report.header)
            #expect(header.outcome == "syntax_error")
            #expect(header.type == type)
            #expect(header.message == message)
            #expect(header.line == line)
            let traceback = try #require(header.traceback)
            #expect(traceback.hasSuffix("\(type): \(message)"))
            #expect(!traceback.contains("Traceback"))
            #expect(!traceback.contains("roost"))
        }

        @Test func `lone surrogates are a syntax error without a line`() throws {
            let child = try WorkerProcess().fork()
            child.start(source: Array("x = '".utf8) + [0xED, 0xA0, 0x80] + Array("'".utf8))
            let header = try #require(try child.finish().header)
            #expect(header.outcome == "syntax_error")
            #expect(header.type == "UnicodeEncodeError")
            #expect(header.line == nil)
        }

        @Test func `source that is too deep is a syntax error, whichever way the compiler says so`() throws {
            let parentheses = String(repeating: "(", count: 500) + String(repeating: ")", count: 500)
            #expect(try WorkerProcess.run(parentheses).outcome == "syntax_error")
            let sum = "x = " + Array(repeating: "1", count: 20_000).joined(separator: "+")
            #expect(try WorkerProcess.run(sum).outcome == "syntax_error")
        }

        @Test
        func `a SyntaxError raised while running is a runtime error, with the line of the submitted code`()
            throws
        {
            let header = try #require(try WorkerProcess.run("x = 1\n\nexec('\\n\\n\\n\\n1 +')").header)
            #expect(header.outcome == "runtime_error")
            #expect(header.type == "SyntaxError")
            #expect(header.line == 3)
            let inner = try #require(try WorkerProcess.run("\nexec('\\n\\n\\n1/0')").header)
            #expect(inner.line == 2)
        }

        @Test func `the line is the innermost of the submitted code, library frames aside`() throws {
            let header = try #require(
                try WorkerProcess.run("import json\ndef f():\n    json.loads('{')\n\nf()").header)
            #expect(header.line == 3)
            #expect(header.traceback?.contains("json/decoder.py") == true)
        }

        @Test(arguments: [
            ("import sys; sys.exit()", "completed", nil as String?),
            ("import sys; sys.exit(0)", "completed", nil),
            ("raise SystemExit", "completed", nil),
            ("import sys; sys.exit(2)", "runtime_error", "SystemExit: 2"),
            ("import sys; sys.exit(512)", "runtime_error", "SystemExit: 512"),
            ("import sys; sys.exit('why')", "runtime_error", "SystemExit: why"),
            ("exit(3)", "runtime_error", "SystemExit: 3"),
        ])
        func `exits`(source: String, outcome: String, message: String?) throws {
            let report = try WorkerProcess.run("print(1)\n" + source)
            #expect(report.outcome == outcome)
            #expect(report.header?.message == message)
            #expect(report.output == "1\n")
            #expect(report.status == 0)
        }

        @Test(arguments: [
            ("raise ValueError", "ValueError", "ValueError"),
            ("raise ValueError('')", "ValueError", "ValueError"),
            ("raise KeyboardInterrupt", "KeyboardInterrupt", "KeyboardInterrupt"),
            ("class E(Exception):\n  def __str__(self): raise self\nraise E", "E", "E"),
            ("class E(Exception):\n  def __str__(self): return 1\nraise E", "E", "E"),
            ("raise ValueError('a\\ud800b')", "ValueError", "a\u{FFFD}b"),
            ("assert 1 == 2, 'no'", "AssertionError", "no"),
        ])
        func `messages`(source: String, type: String, message: String) throws {
            let header = try #require(try WorkerProcess.run(source).header)
            #expect(header.outcome == "runtime_error")
            #expect(header.type == type)
            #expect(header.message == message)
        }

        @Test func `chained exceptions and groups are shown without the runner's frames`() throws {
            let child = try WorkerProcess(modules: HostTests.modules).fork()
            child.answer = { _ in #""error":{"type":"ValueError","message":"no"}"# }
            let source = "try:\n    unreal.twice(1)\nexcept Exception as e:\n    raise KeyError('k') from e"
            let chained = try #require(try child.run(source).header?.traceback)
            #expect(chained.contains("direct cause"))
            #expect(!chained.contains("roost"))
            let group = try #require(
                try WorkerProcess.run("raise ExceptionGroup('g', [ValueError(1), KeyError(2)])").header?
                    .traceback)
            #expect(group.contains("ExceptionGroup: g (2 sub-exceptions)"))
            #expect(!group.contains("roost"))
        }

        @Test func `a huge message and a long traceback are bounded`() throws {
            let huge = try #require(try WorkerProcess.run("raise ValueError('é' * 10_000_000)").header)
            #expect(huge.message?.utf8.count == 65_536)
            let traceback = try #require(huge.traceback)
            #expect(traceback.utf8.count <= 4000)
            #expect(traceback.hasPrefix("Traceback"))
            #expect(traceback.contains("bytes left out ...]\n"))
            let deep = try #require(try WorkerProcess.run("def f(n): f(n + 1)\nf(0)").header)
            #expect(deep.type == "RecursionError")
            #expect(deep.line == 1)
        }

        @Test func `an uncaught MemoryError has an outcome of its own`() throws {
            let header = try #require(try WorkerProcess.run("x = [bytearray(1)]\nraise MemoryError").header)
            #expect(header.outcome == "memory_error")
            #expect(header.message == "MemoryError")
            #expect(header.line == 2)
        }

        // With not a byte left Python cannot make the traceback either, so there the line is not known.
        @Test(arguments: [("bytearray(10_000_000)", 7 as Int?), ("'a%d' % len(keep)", nil), ("[keep]", nil)])
        func `a job that used up its address space is still reported`(item: String, line: Int?) throws {
            let report = try WorkerProcess.run(
                """
                import atexit, resource
                atexit.register(print, 'atexit')
                with open('/proc/self/statm') as f:
                    used = int(f.read().split()[0]) * resource.getpagesize()
                resource.setrlimit(resource.RLIMIT_AS, (used + 50_000_000,) * 2)
                keep = []
                while True: keep.append(\(item))
                """)
            #expect(report.outcome == "memory_error")
            #expect(report.header?.message == "MemoryError")
            if let line { #expect(report.header?.line == line) }
            #expect(report.output == "atexit\n")
        }

        @Test func `a job that breaks builtins, modules and the recursion limit breaks only itself`() throws {
            let report = try WorkerProcess.run(
                """
                import builtins, json, os, sys, traceback
                os.write = json.dumps = traceback.format_exc = None
                builtins.isinstance = builtins.len = builtins.type = None
                sys.modules.clear()
                sys.setrecursionlimit(60)
                sys.settrace(lambda *a: None)
                1/0
                """)
            #expect(report.outcome == "runtime_error")
            #expect(report.header?.type == "ZeroDivisionError")
            #expect(report.header?.line == 7)
        }
    }
}
