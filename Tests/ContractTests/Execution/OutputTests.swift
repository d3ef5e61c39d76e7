import RoostCore
import Testing

@Suite(.server("--workers", "4")) struct `Output of a job` {
    @Test(arguments: [
        ("print('a')", "a"), ("print('a\\n')", "a\n"), ("print('a', end='')", "a"), ("print()", ""),
        ("print('\\n')", "\n"), ("import sys; sys.stdout.write('a\\r\\n')", "a\r"), ("print('a\\0b')", "a\0b"),
        ("print('é🐓')", "é🐓"), ("print('a'); print(); print('b')", "a\n\nb"),
    ])
    func `loses exactly one final newline`(code: String, output: String) async throws {
        let answer = try await server.execute(code)
        expectSuccess(answer)
        #expect(answer["output"]?.string.map { Array($0.utf8) } == Array(output.utf8))
        let job = try await server.job(#require(answer["job_id"]?.string))
        #expect(job["output"] == answer["output"])
        #expect(job["logs"] == answer["logs"])
    }

    @Test func `comes in order from everywhere`() async throws {
        let answer = try await server.execute(
            """
            import sys, logging
            print('one')
            print('two', file=sys.stderr)
            unreal.log('three')
            unreal.log_warning('four')
            unreal.log_error('five')
            logging.debug('not shown')
            logging.info('six')
            logging.warning('seven')
            logging.error('eight')
            logging.critical('nine')
            logging.getLogger('mine').info('ten')
            logging.getLogger().setLevel(logging.DEBUG)
            logging.debug('eleven')
            print('twelve')
            """)
        expectSuccess(answer)
        #expect(
            logs(answer["logs"]) == [
                ["info", "one"], ["error", "two"], ["info", "three"], ["warning", "four"], ["error", "five"],
                ["info", "six"], ["warning", "seven"], ["error", "eight"], ["error", "nine"], ["info", "ten"],
                ["info", "eleven"], ["info", "twelve"],
            ])
        #expect(answer["output"] == "one\ntwelve", "unreal.log does not go to output")
        #expect(answer["stderr"]?.string.map { $0 == "two" || $0 == "two\n" } == true, "logging does not go to stderr")
    }

    @Test func `is one log entry a line`() async throws {
        let answer = try await server.execute("print('a\\nb')\nprint('c', end='')\nprint('d')\nprint('e', end='')")
        #expect(logs(answer["logs"]) == [["info", "a"], ["info", "b"], ["info", "cd"], ["info", "e"]])
        #expect(answer["output"] == "a\nb\ncd\ne")
    }

    @Test func `includes what C and other processes write`() async throws {
        let answer = try await server.execute(
            """
            import ctypes, os, subprocess, sys
            print('python', flush=True)
            libc = ctypes.CDLL(None)
            libc.puts(b'puts'); libc.fflush(None)
            os.write(1, b'write\\n')
            subprocess.run(['/bin/sh', '-c', 'echo shell; echo oops >&2'])
            print('end')
            """)
        expectSuccess(answer)
        #expect(answer["output"] == "python\nputs\nwrite\nshell\nend")
        #expect(answer["stderr"]?.string?.hasPrefix("oops") == true)
    }

    @Test func `includes C's buffer that nobody flushed`() async throws {
        let answer = try await server.execute("import ctypes\nctypes.CDLL(None).puts(b'left over')")
        #expect(answer["output"] == "left over")
    }

    @Test func `ends after threads are joined and exit functions have run`() async throws {
        let answer = try await server.execute(
            """
            import atexit, threading, time
            atexit.register(lambda: print('exit function'))
            threading.Thread(target=lambda: (time.sleep(0.3), print('thread'))).start()
            threading.Thread(target=lambda: (time.sleep(60), print('daemon')), daemon=True).start()
            print('main')
            """)
        expectSuccess(answer)
        #expect(answer["output"] == "main\nthread\nexit function")
        #expect((answer["duration_ms"]?.int ?? 0) >= 300)
        #expect((answer["duration_ms"]?.int ?? .max) < 20_000)
    }

    @Test func `that is not UTF-8 is repaired`() async throws {
        let answer = try await server.execute(#"import os; os.write(1, b'a\xff\xfeb')"#)
        expectSuccess(answer)
        #expect(answer["output"]?.string?.hasPrefix("a") == true && answer["output"]?.string?.hasSuffix("b") == true)
    }

    @Test func `is not mixed between two hundred jobs at once`() async throws {
        let server = try server
        let answers = try await withThrowingTaskGroup(of: (Int, HTTPAnswer).self) { group in
            for number in 0..<200 {
                group.addTask {
                    (
                        number,
                        try await server.execute("import sys\nprint('job', \(number))\nprint('e\(number)', file=sys.stderr)\n\(number) * 2")
                    )
                }
            }
            var answers: [Int: HTTPAnswer] = [:]
            for try await (number, answer) in group { answers[number] = answer }
            return answers
        }
        #expect(answers.count == 200)
        for (number, answer) in answers {
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer["output"] == .string("job \(number)"))
            #expect(answer["result"] == .int(number * 2))
            #expect(logs(answer["logs"])?.sorted { $0[0] < $1[0] } == [["error", "e\(number)"], ["info", "job \(number)"]])
        }
        #expect(Set(answers.values.compactMap { $0["job_id"]?.string }).count == 200)
    }

    @Test(arguments: ["print(i)", "unreal.log(str(i))"])
    func `has at most ten thousand log entries, and says that there were more`(entry: String) async throws {
        let few = try await server.execute("for i in range(10_000): \(entry)")
        #expect(few["logs"]?.array?.count == 10_000)
        #expect(few.json?.object?["logs_truncated"] == nil || few["logs_truncated"] == false)
        let more = try await server.execute("for i in range(10_001): \(entry)")
        #expect(more["logs"]?.array?.count == 10_000)
        #expect(more["logs_truncated"] == true)
    }

    @Test func `keeps the output whole beyond ten thousand lines`() async throws {
        let many = try await server.execute("for i in range(10_001): print(i)")
        #expect(many["logs"]?.array?.count == 10_000)
        #expect(many["logs_truncated"] == true)
        #expect(many["output"]?.string?.hasSuffix("\n10000") == true, "output itself is whole")
    }

    @Test func `has log entries of at most 64 KiB`() async throws {
        let answer = try await server.execute("unreal.log('x' * 100_000)\nprint('y' * 100_000)")
        expectSuccess(answer)
        let entries = try #require(logs(answer["logs"]))
        #expect(entries.count >= 2)
        #expect(entries.allSatisfy { $0[1].utf8.count <= 65_536 + 64 })
        #expect(answer["output"]?.string?.utf8.count == 100_000)
    }
}

@Suite(.server("--max-output", "1000")) struct `Output beyond --max-output` {
    @Test func `is dropped for each stream and job`() async throws {
        let answer = try await server.execute(
            "import sys\nprint('a' * 5000)\nprint('b' * 10, file=sys.stderr)\nprint('c')\n'value'")
        expectSuccess(answer)
        #expect(answer["truncated"] == true)
        #expect(answer["output"] == .string(String(repeating: "a", count: 1000)))
        #expect(answer["stderr"]?.string?.hasPrefix("bbbbbbbbbb") == true)
        #expect(answer["result"] == "value")
        let job = try await server.job(#require(answer["job_id"]?.string))
        #expect(job["output"] == answer["output"])
        #expect(job["truncated"] == true)
        let other = try await server.execute("print('x' * 999)")
        #expect(other["output"]?.string?.utf8.count == 999)
        #expect(other["truncated"] == nil || other["truncated"] == false)
    }

    @Test func `does not stop a job that prints without end`() async throws {
        let answer = try await server.execute("for i in range(200_000): print('x' * 100)\nprint('end')\n7")
        expectSuccess(answer)
        #expect(answer["truncated"] == true)
        #expect(answer["result"] == 7)
    }
}
