import RoostCore
import RoostPython
import Synchronization
import Testing

@Suite(.serialized, .timeLimit(.minutes(2))) struct `Host modules` {
    struct Secret: Error {}

    @Test func `functions are called with their arguments, also from threads`() async throws {
        let module = HostModule("studio") {
            HostFunction("add") { call in .int(try call.argument(0, "a", as: Int.self) + call.argument(1, "b", default: 1)) }
        }
        try await EngineFixture.withEngine(modules: [module]) { engine, _ in
            let code = """
                import studio
                from concurrent.futures import ThreadPoolExecutor
                [studio.add(1, 2), studio.add(a=5), sum(ThreadPoolExecutor(8).map(studio.add, range(100)))]
                """
            let outcome = try await engine.run(code)
            #expect(outcome.result == "[3,6,5050]" || outcome.result == "[3, 6, 5050]")
        }
    }

    @Test func `errors are raised in the job, and other causes stay in the log`() async throws {
        let lines = Mutex<[String]>([])
        let logger = Logger(level: .error) { record in
            lines.withLock { $0.append(String(decoding: JSON.object(record.values).serialized(), as: UTF8.self)) }
        }
        let module = HostModule("studio") {
            HostFunction("bad") { _ in throw HostError(type: "ValueError", "no good") }
            HostFunction("odd") { _ in throw Secret() }
        }
        try await EngineFixture.withEngine(modules: [module], logger: logger) { engine, _ in
            let code = """
                import studio
                found = []
                for f in (studio.bad, studio.odd, lambda: studio._call('none')):
                    try: f()
                    except Exception as error: found.append(type(error).__name__ + ' ' + str(error))
                '; '.join(found)
                """
            let outcome = try await engine.run(code)
            #expect(
                outcome.result
                    == "\"ValueError no good; RuntimeError studio.odd failed; the server's log has the cause; AttributeError no host function 'studio.none'\""
            )
        }
        #expect(lines.withLock { $0 }.contains { $0.contains("Secret()") && $0.contains("studio.odd") })
    }

    @Test func `a call that never ends does not outlive its job`() async throws {
        let ended = Mutex(false)
        let module = HostModule("studio") {
            HostFunction("sleep") { _ in
                do { try await Task.sleep(for: .seconds(1000)) } catch {
                    ended.withLock { $0 = true }
                    throw error
                }
                return .null
            }
        }
        try await EngineFixture.withEngine(modules: [module]) { engine, _ in
            let context = RecordingContext()
            let job = Task { try await engine.run("import studio\nprint(1, flush=True)\nstudio.sleep()", context) }
            #expect(await eventually { context.output == "1\n" })
            context.stop(.cancelled)
            job.cancel()
            _ = try? await job.value
            #expect(await eventually { ended.withLock { $0 } })
        }
    }

    @Test func `arguments that JSON cannot carry are an error of the call and not of the process`() async throws {
        let module = HostModule("studio") { HostFunction("take") { _ in .null } }
        try await EngineFixture.withEngine(modules: [module]) { engine, _ in
            let code = """
                import studio
                deep = []
                for _ in range(200): deep = [deep]
                found = []
                for value in (deep, float('nan'), object(), '\\ud800'):
                    try: found.append(studio.take(value))
                    except Exception as error: found.append(type(error).__name__)
                found
                """
            let outcome = try await engine.run(code)
            #expect(outcome.result == #"["ValueError","ValueError","TypeError","UnicodeEncodeError"]"#)
        }
    }

    @Test(arguments: ["1x", "a-b", "", "a.b"])
    func `impossible names are refused`(_ name: String) {
        #expect(throws: PythonEngineError.self) {
            try PythonEngine(
                configuration: .init(executable: "", scratch: "", workers: 1, modules: [HostModule(name) {}]),
                logger: .silent)
        }
    }
}
