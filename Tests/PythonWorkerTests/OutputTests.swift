import RoostPythonWire
import Testing

extension WorkerTests {
    @Suite struct Output {
        @Test func `print comes out as it is written, and costs no barrier`() throws {
            let report = try WorkerProcess.run("print('hello')\nprint('é', 'x', sep='-')")
            #expect(report.output == "hello\né-x\n")
            #expect(report.barriers == 0)
            #expect(report.header == (try .init(json: Array(#"{"outcome":"completed"}"#.utf8))))
            #expect(report.result.isEmpty)
            #expect(report.status == 0)
            #expect(report.doneCount == 1)
        }

        @Test func `stdout, stderr and logs keep the order of the code`() throws {
            let source = """
                import sys, unreal
                print('1')
                print('2', file=sys.stderr)
                unreal.log('3')
                print('4', file=sys.stderr)
                print('5')
                unreal.log_warning('6')
                unreal.log_error('7')
                print('8')
                """
            let report = try WorkerProcess.run(source, modules: HostTests.modules)
            #expect(
                report.events == [
                    .out("1\n"), .err("2\n"), .log(.info, "3"), .err("4\n"), .out("5\n"),
                    .log(.warning, "6"), .log(.error, "7"), .out("8\n"),
                ])
        }

        @Test func `order holds over thousands of switches and several threads`() throws {
            let source = """
                import sys, threading, logging
                def work(name):
                    for i in range(100):
                        print(f'{name} {i} out')
                        print(f'{name} {i} err', file=sys.stderr)
                        logging.info(f'{name} {i} log')
                threads = [threading.Thread(target=work, args=(n,)) for n in 'abc']
                for t in threads: t.start()
                """
            let report = try WorkerProcess.run(source, .init(logEntries: 1000))
            #expect(report.outcome == "completed")
            #expect(report.logs.count == 300)
            // A line is written in two pieces, so other threads' lines may stand between; a thread's own order holds.
            for name in ["a", "b", "c"] {
                let own = report.logs.filter { $0.hasPrefix(name) }
                #expect(own == (0..<100).map { "\(name) \($0) log" })
            }
            #expect(report.output.utf8.count == 3 * (10 * 8 + 90 * 9))
        }

        @Test func `a subprocess, a raw write and C's stdio are captured`() throws {
            let source = """
                import ctypes, os, subprocess
                print('python')
                subprocess.run(['echo', 'sub'])
                os.write(1, b'raw\\n')
                os.write(2, b'raw error\\n')
                libc = ctypes.CDLL(None)
                libc.puts(b'puts')
                libc.fflush(None)
                """
            let report = try WorkerProcess.run(source)
            #expect(report.output == "python\nsub\nraw\nputs\n")
            #expect(report.error == "raw error\n")
        }

        @Test func `any bytes pass, and text is UTF-8 as in Python's UTF-8 mode`() throws {
            let report = try WorkerProcess.run(
                """
                import sys
                sys.stdout.buffer.write(b'\\xff\\x00')
                sys.stdout.buffer.write(memoryview(b'\\xfe'))
                print('\\udc80', end='')
                print('\\ud800', file=sys.stderr)
                sys.stdout.encoding
                """)
            #expect(report.events.first == .out([0xFF, 0x00, 0xFE, 0x80]))
            #expect(report.error == "\\ud800\n")
            #expect(report.result == "\"utf-8\"")
        }

        @Test func `a job that replaces or closes its streams and socket still reports`() throws {
            let replaced = try WorkerProcess.run("import io, sys\nsys.stdout = io.StringIO()\nprint('x')\n1")
            #expect(replaced.outcome == "completed")
            #expect(replaced.output.isEmpty)
            let closed = try WorkerProcess.run(
                "import sys\nprint('x')\nsys.stdout.close()\nsys.stderr.close()")
            #expect(closed.outcome == "completed")
            #expect(closed.output == "x\n")
            let gone = try WorkerProcess.run(
                "import os, sys\nos.closerange(3, 100)\nf = open('f', 'w')\nprint(1)\nprint(2, file=sys.stderr)\nprint(3)"
            )
            #expect(gone.header == nil)
            #expect(gone.output == "1\n3\n")
            #expect(gone.status == 0)
        }

        @Test func `standard input is empty`() throws {
            #expect(try WorkerProcess.run("import sys\nsys.stdin.read()").result == "\"\"")
        }
    }
}
