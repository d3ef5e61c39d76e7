import Foundation
import RoostCore
import RoostPython
import Synchronization
import Testing

@Suite(.serialized, .timeLimit(.minutes(2))) struct `The Python engine` {
    // MARK: Running

    @Test func `captures output, errors, logs and the result`() async throws {
        try await EngineFixture.withEngine { engine, _ in
            let context = RecordingContext()
            let outcome = try await engine.run(
                "import sys\nprint('hello')\nprint('oops', file=sys.stderr)\n6 * 7", context)
            #expect(outcome.result == "42")
            #expect(context.output == "hello\n")
            #expect(context.errors == "oops\n")
            #expect(context.current.hasStarted)
            #expect(engine.status.version.hasPrefix("3."))
        }
    }

    @Test func `what was there before the fork is not collected in the job's process, which would copy its pages`() async throws {
        try await EngineFixture.withEngine { engine, _ in
            let outcome = try await engine.run("import gc\n[gc.get_freeze_count() > 5000, len(gc.get_objects()) < 1000]")
            #expect(outcome.result == "[true,true]")
        }
    }

    @Test func `the dynamic linker's orders are not in a job's environment`() async throws {
        try await EngineFixture.withEngine { engine, _ in
            let code = """
                import os, subprocess
                seen = subprocess.run(['/usr/bin/env'], capture_output=True, env=None, text=True).stdout
                [name for name in [*os.environ, *seen.split()] if name.startswith('LD_')]
                """
            let outcome = try await engine.run(code)
            #expect(outcome.result == "[]")
        }
    }

    @Test func `keeps the order of output and log`() async throws {
        let log = HostModule("note") { HostFunction.log("say", level: .warning) }
        try await EngineFixture.withEngine(modules: [log]) { engine, _ in
            let context = RecordingContext()
            _ = try await engine.run(
                "import note\nfor i in range(50):\n    print('p%d' % i)\n    note.say('l%d' % i)", context)
            let order = context.current.order
            #expect(order.count == 100)
            #expect(order == (0..<50).flatMap { ["out p\($0)\n", "log l\($0)"] })
        }
    }

    @Test(arguments: [
        ("def f(:", APIError.pythonSyntaxError, "SyntaxError", 1),
        ("x = 1\nundefined_var", .pythonRuntimeError, "NameError", 2),
        ("raise MemoryError()", .memoryLimit, "MemoryError", 1),
        ("import sys\nsys.exit(2)", .pythonRuntimeError, "SystemExit", 2),
    ])
    func `tells how code failed`(_ code: String, _ error: APIError, _ type: String, _ line: Int) async throws {
        try await EngineFixture.withEngine { engine, _ in
            let failure = try #require(try await engine.run(code).failure)
            #expect(failure.code == error.rawValue)
            #expect(failure.status == error.status)
            #expect(failure.type == type)
            #expect(failure.line == line)
            #expect(failure.traceback != nil)
        }
    }

    @Test func `runs fifty jobs at once without mixing them`() async throws {
        try await EngineFixture.withEngine { engine, _ in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<50 {
                    group.addTask {
                        let context = RecordingContext()
                        let code = "import sys\nfor i in range(100): print(\(number))\nprint(\(number), file=sys.stderr)\n\(number)"
                        let outcome = try await engine.run(code, context)
                        return outcome.result == "\(number)" && context.errors == "\(number)\n"
                            && context.output == String(repeating: "\(number)\n", count: 100)
                    }
                }
                for try await isRight in group { #expect(isRight) }
            }
            #expect(await eventually { engine.status.busy == 0 && engine.status.ready == 2 })
        }
    }

    @Test func `lets a quiet job finish while another floods its output`() async throws {
        try await EngineFixture.withEngine { engine, _ in
            let flood = RecordingContext()
            let flooding = Task {
                try await engine.run("import os\nwhile True: os.write(1, b'x' * 65536)", flood)
            }
            #expect(await eventually { flood.current.stdout.count > 1 << 20 })
            let outcome1 = try await engine.run("1 + 1")
            #expect(outcome1.result == "2")
            flood.stop(.cancelled)
            flooding.cancel()
            _ = try await flooding.value
        }
    }

    @Test func `takes code larger than any socket buffer, and lone surrogates`() async throws {
        try await EngineFixture.withEngine { engine, _ in
            let text = String(repeating: "x", count: 3 << 20)
            let outcome2 = try await engine.run("len('\(text)')")
            #expect(outcome2.result == "\(3 << 20)")
            let failure = try await engine.run(Array("'".utf8) + [0xED, 0xA0, 0x80] + Array("'".utf8), in: RecordingContext())
            #expect(failure.failure?.code == "PYTHON_SYNTAX_ERROR")
        }
    }

    // MARK: Stopping

    @Test func `interrupts on timeout so that code can clean up`() async throws {
        try await EngineFixture.withEngine { engine, _ in
            let context = RecordingContext()
            let job = Task {
                try await engine.run(
                    "try:\n    print('begun', flush=True)\n    while True: pass\nfinally:\n    print('cleaned')", context)
            }
            #expect(await eventually { context.output == "begun\n" })
            context.stop(.timeout)
            job.cancel()
            _ = try await job.value
            #expect(context.output == "begun\ncleaned\n")
        }
    }

    @Test(arguments: [JobStopReason.timeout, .cancelled])
    func `kills what does not give in`(_ reason: JobStopReason) async throws {
        try await EngineFixture.withEngine { engine, scratch in
            let context = RecordingContext()
            let code = """
                import subprocess, time
                child = subprocess.Popen(['sleep', '1000'])
                print(child.pid, flush=True)
                while True:
                    try:
                        # Not `pass`: CPython 3.11 leaves the jump back, where it looks for signals, out of the `try`.
                        while True: time.sleep(0.01)
                    except BaseException: pass
                """
            let job = Task { try await engine.run(code, context) }
            #expect(await eventually { context.output.hasSuffix("\n") })
            let pid = try #require(Int32(context.output.dropLast()))
            context.stop(reason)
            let clock = ContinuousClock()
            let time = await clock.measure {
                job.cancel()
                _ = try? await job.value
            }
            // How long exactly is decided by the supervisor, and tested there with a clock in hand.
            #expect(time < .seconds(30))
            #expect(await eventually { kill(pid, 0) != 0 }, "its own process went with it")
            #expect(await eventually { scratch.names().count <= 3 })
        }
    }

    @Test func `does not start a job that was stopped while it waited`() async throws {
        try await EngineFixture.withEngine { engine, _ in
            let context = RecordingContext()
            let job = Task {
                // Cancelled before it runs: there is nothing to wait for.
                unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
                return try await engine.run("print(1)", context)
            }
            let result = await job.result
            #expect(throws: CancellationError.self) { try result.get() }
            #expect(!context.current.hasStarted)
            let outcome3 = try await engine.run("2")
            #expect(outcome3.result == "2")
        }
    }

    // MARK: Dying

    @Test(arguments: [
        ("import ctypes; ctypes.string_at(0)", "SIGSEGV"),
        ("import os; os.abort()", "SIGABRT"),
        ("import os; os.kill(os.getpid(), 9)", "SIGKILL"),
        ("import os; os.kill(os.getpid(), 40)", "SIGRTMIN+6"),
    ])
    func `names the signal that ended a process`(_ code: String, _ signal: String) async throws {
        try await EngineFixture.withEngine { engine, _ in
            let context = RecordingContext()
            let failure = try await engine.run("print('before', flush=True)\n" + code, context).failure
            #expect(failure?.code == "PYTHON_PROCESS_DIED")
            #expect(failure?.details == ["signal": .string(signal)])
            #expect(context.output == "before\n")
            let outcome4 = try await engine.run("3")
            #expect(outcome4.result == "3")
        }
    }

    @Test(arguments: [0, 3, 255])
    func `reports an exit behind Python's back`(_ code: Int) async throws {
        try await EngineFixture.withEngine { engine, _ in
            let failure = try await engine.run("import os; os._exit(\(code))").failure
            #expect(failure?.code == "PYTHON_PROCESS_DIED")
            #expect(failure?.details == ["exit_code": .int(code)])
        }
    }

    @Test func `ends a process that talks nonsense on its socket`() async throws {
        try await EngineFixture.withEngine { engine, _ in
            let code = """
                import os, time
                for fd in range(3, 64):
                    try: os.write(fd, b'\\xff' * 64)
                    except OSError: pass
                time.sleep(100)
                """
            let outcome5 = try await engine.run(code)
            #expect(outcome5.failure?.code == "PYTHON_PROCESS_DIED")
            let outcome6 = try await engine.run("4")
            #expect(outcome6.result == "4")
        }
    }

    @Test func `restarts a worker that was killed, and fails only the jobs that ran`() async throws {
        try await EngineFixture.withEngine { engine, _ in
            let context = RecordingContext()
            let job = Task { try await engine.run("print('here', flush=True)\nimport time; time.sleep(100)", context) }
            #expect(await eventually { context.output == "here\n" })
            let first = try #require(engine.status.workerPID)
            kill(first, SIGKILL)
            let failure = try await job.value.failure
            #expect(failure?.code == "PYTHON_PROCESS_DIED")
            #expect(failure?.details == ["signal": "SIGKILL"])
            let outcome7 = try await engine.run("5")
            #expect(outcome7.result == "5")
            #expect(engine.status.workerPID != first)
        }
    }

    @Test func `ends what a job had started, too, when its worker is killed`() async throws {
        try await EngineFixture.withEngine { engine, _ in
            let context = RecordingContext()
            let code = """
                import subprocess, time
                print(subprocess.Popen(["sleep", "100"]).pid, flush=True)
                time.sleep(100)
                """
            let job = Task { try await engine.run(code, context) }
            #expect(await eventually { context.output.hasSuffix("\n") })
            let started = try #require(Int32(context.output.dropLast()))
            kill(try #require(engine.status.workerPID), SIGKILL)
            _ = try await job.value
            // Nobody may be there to reap it; what has ended has no command line.
            #expect(
                await eventually {
                    (try? String(contentsOfFile: "/proc/\(started)/cmdline", encoding: .utf8))?.isEmpty ?? true
                })
        }
    }

    // MARK: Start and stop

    @Test func `refuses to start without its program`() async throws {
        let scratch = TemporaryFolder()
        let engine = try PythonEngine(
            configuration: .init(executable: scratch.path + "/nowhere", scratch: scratch.path, workers: 1),
            logger: .silent)
        let error = await #expect(throws: PythonEngineError.self) { try await engine.start() }
        #expect(error?.description.contains("nowhere cannot be started: posix_spawn: No such file") == true)
    }

    @Test func `refuses to start with a program that ends at once`() async throws {
        let scratch = TemporaryFolder()
        let engine = try PythonEngine(
            configuration: .init(executable: "/bin/false", scratch: scratch.path, workers: 1), logger: .silent)
        let error = await #expect(throws: PythonEngineError.self) { try await engine.start() }
        #expect(error?.description == "Python cannot run: it exited with code 1")
    }

    @Test func `says what the worker says when it cannot work`() async throws {
        let scratch = TemporaryFolder()
        let broken = HostModule("broken", prelude: "raise ValueError('no good')") {}
        let engine = try PythonEngine(
            configuration: .init(
                executable: EngineFixture.executable, scratch: scratch.path, workers: 1, modules: [broken]),
            logger: .silent)
        let error = await #expect(throws: PythonEngineError.self) { try await engine.start() }
        #expect(error?.description.contains("no good") == true)
    }

    @Test func `leaves no process behind`() async throws {
        let pids = Mutex<[Int32]>([])
        try await EngineFixture.withEngine { engine, _ in
            let context = RecordingContext()
            _ = Task { try await engine.run("import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(100)", context) }
            #expect(await eventually { context.output.hasSuffix("\n") })
            let job = try #require(Int32(context.output.dropLast()))
            pids.withLock { $0 = [job] + [engine.status.workerPID].compactMap { $0 } }
        }
        for pid in pids.withLock({ $0 }) { #expect(await eventually { kill(pid, 0) != 0 }) }
    }

    @Test func `passes on only what Python needs of the environment`() async throws {
        try await EngineFixture.withEngine { engine, _ in
            let code = "import os\n[k for k in os.environ if k.startswith(('ROOST', 'SWIFT', 'LD_')) or k == 'PWD']"
            let outcome = try await engine.run(code)
            #expect(outcome.result == "[]")
        }
    }
}
