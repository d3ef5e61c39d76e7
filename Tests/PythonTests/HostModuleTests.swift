import RoostCore
import RoostPython
import Synchronization
import Testing

@Suite(.serialized, .timeLimit(.minutes(2))) struct `Host modules` {
    struct Secret: Error {}

    @Test func `functions are called with their arguments, also from threads`() async throws {
        let module = HostModule("studio") {
            HostFunction("add", "Adds.", HostArgument<Int>("a", "One"), HostArgument("b", "The other", default: 1)) { _, a, b in
                a + b
            }
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
            HostFunction("bad", "") { _ in throw HostError.valueError("no good") }
            HostFunction("odd", "") { _ in throw Secret() }
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
            HostFunction("sleep", "") { _ in
                do { try await Task.sleep(for: .seconds(1000)) } catch {
                    ended.withLock { $0 = true }
                    throw error
                }
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
        let module = HostModule("studio") { HostFunction("take", "", HostArgument<JSON>("value", "")) { _, _ in } }
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

    @Test func `an error may name an exception of the module's own`() async throws {
        let prelude = """
            class SceneError(LookupError):
                pass
            not_an_exception = 3
            """
        let module = HostModule("scene", prelude: prelude) {
            HostFunction("fail", "", HostArgument<String>("kind", "")) { _, kind in throw HostError(type: kind, "gone") }
        }
        try await EngineFixture.withEngine(modules: [module]) { engine, _ in
            let code = """
                import scene
                found = []
                for kind in ('SceneError', 'not_an_exception', 'fail', 'KeyError', 'SystemExit'):
                    try: scene.fail(kind)
                    except Exception as error: found.append([type(error).__name__, type(error).__module__, error.args[0]])
                try: scene.fail('SceneError')
                except LookupError as error: found.append(isinstance(error, scene.SceneError))
                found
                """
            let outcome = try await engine.run(code)
            #expect(
                outcome.result
                    == #"[["SceneError","scene","gone"],["RuntimeError","builtins","gone"],["RuntimeError","builtins","gone"],["KeyError","builtins","gone"],["RuntimeError","builtins","gone"],true]"#
            )
        }
    }

    @Test func `Python shows what is declared`() async throws {
        let module = HostModule("scene", "A small scene.") {
            HostFunction(
                "Object.create", "Creates an object.", HostArgument<String>("name", "What it is called"),
                HostArgument("at", "Where it stands", default: [0.0, 0, 0]),
                HostArgument<String?>("tag", "For finding it again", default: nil, keywordOnly: true)
            ) { _, _, _, _ in 1 }
            HostFunction.constant("limits", "What fits.", ["objects", "tags"])
        }
        try await EngineFixture.withEngine(modules: [module]) { engine, _ in
            let code = """
                import inspect, pydoc, scene
                page = pydoc.plain(pydoc.render_doc(scene))
                scene.limits().append('changed')
                [
                    str(inspect.signature(scene.Object.create)), inspect.getdoc(scene.Object.create), scene.__doc__,
                    'Where it stands' in page and 'A small scene.' in page and 'create(name: str' in page,
                    scene.Object.create.__module__, scene.Object.create.__qualname__, scene.limits(),
                    str(inspect.signature(scene.limits)),
                ]
                """
            let outcome = try await engine.run(code)
            let result = try JSONParser.parse(Array((outcome.result ?? "\"\(outcome)\"").utf8))
            #expect(
                result == [
                    "(name: str, at: list[float] = [0, 0, 0], *, tag: str | None = None) -> int",
                    """
                    Creates an object.

                    Args:
                        name: What it is called
                        at: Where it stands
                        tag: For finding it again
                    """, "A small scene.", true, "scene", "Object.create", ["objects", "tags"], "() -> list[str]",
                ])
        }
    }

    enum Axis: String, CaseIterable, PythonValue, ParameterValue { case x, y, z }

    static let typed = HostModule("scene") {
        HostFunction(
            "turn", "", HostArgument<Axis>("axis", ""), HostArgument("degrees", "", in: -180...180, default: 90.0),
            HostArgument<[String: Int]?>("weights", "", default: nil), HostArgument("times", "", in: 1..., default: 1, keywordOnly: true)
        ) { _, axis, degrees, weights, times in
            "\(axis.rawValue) \(degrees) \(weights?["a"] ?? 0) \(times)"
        }
        HostFunction("place", "", HostArgument<[Double]>("at", "")) { _, at in at.reduce(0, +) }
        HostFunction("nothing", "") { _ in }
        HostFunction(
            "pair", "", HostArgument<Int>("a", ""), HostArgument<Int>("b", ""), HostArgument<Int>("c", ""),
            HostArgument<Int>("d", "", keywordOnly: true)
        ) { _, a, b, c, d in [a, b, c, d] }
    }

    static let calls = [
        ("scene.turn('x')", "x 90.0 0 1"), ("scene.turn('y', 3, {'a': 2}, times=4)", "y 3.0 2 4"),
        ("scene.turn(axis='z', weights=None)", "z 90.0 0 1"), ("scene.place((1, 2.5))", "3.5"), ("scene.nothing()", "None"),
        ("scene.turn('w')", "ValueError: turn() argument 'axis' must be one of 'x', 'y', 'z', not 'w'"),
        ("scene.turn(1)", "TypeError: turn() argument 'axis' must be str, not int"),
        ("scene.turn('x', 200)", "ValueError: turn() argument 'degrees' must be from -180.0 to 180.0, not 200.0"),
        ("scene.turn('x', times=0)", "ValueError: turn() argument 'times' must be at least 1, not 0"),
        ("scene.turn('x', True)", "TypeError: turn() argument 'degrees' must be float, not bool"),
        ("scene.turn('x', 1, {'a': 'b'})", "TypeError: turn() argument 'weights' must be dict[str, int] | None, not dict"),
        ("scene.turn('x', 1, None, 2)", "TypeError: turn() takes from 1 to 3 positional arguments but 4 were given"),
        ("scene.place([1, 'a', None])", "TypeError: place() argument 'at' must be list[float], not list[None | int | str]"),
        ("scene.place(at=1, to=2)", "TypeError: place() got an unexpected keyword argument 'to'"),
        ("scene.place(1, at=2)", "TypeError: place() got multiple values for argument 'at'"),
        ("scene.nothing(1)", "TypeError: nothing() takes 0 positional arguments but 1 was given"),
        ("scene.pair(1)", "TypeError: pair() missing 2 required positional arguments: 'b' and 'c'"),
        ("scene.pair(1, 2, 3)", "TypeError: pair() missing 1 required keyword-only argument: 'd'"),
        ("scene.pair(d=1)", "TypeError: pair() missing 3 required positional arguments: 'a', 'b', and 'c'"),
    ]

    @Test func `calls are checked in Python's words, whichever way they come`() async throws {
        try await EngineFixture.withEngine(workers: 1, modules: [Self.typed]) { engine, _ in
            for (call, answer) in Self.calls {
                // The server checks once more what comes past Python's own check.
                let raw = call.replacing("scene.", with: "scene._call('", maxReplacements: 1)
                    .replacing("(", with: "', ", maxReplacements: 2)
                    .replacing("_call', ", with: "_call(", maxReplacements: 1).replacing(", )", with: ")")
                for form in [call, raw] {
                    let context = RecordingContext()
                    _ = try await engine.run(
                        "import scene\ntry: r = \(form)\nexcept Exception as e: r = type(e).__name__ + ': ' + str(e)\nprint(r)",
                        context)
                    #expect(context.output == answer + "\n", "\(form)")
                }
            }
        }
    }

    @Test func `a module can be called without Python, for its tests`() async throws {
        let module = Self.typed
        #expect(try await module.call("turn", ["x"], ["times": 2]) == "x 90.0 0 2")
        #expect(try await module.call("nothing") == .null)
        await #expect(throws: HostError(type: "AttributeError", "module 'scene' has no attribute 'no'")) {
            _ = try await module.call("no")
        }
        await #expect(throws: HostError.typeError("nothing() got an unexpected keyword argument 'a'")) {
            _ = try await module.call("nothing", [], ["a": 1])
        }
    }

    static let wrong: [(String, HostModule)] = [
        ("not a Python identifier", HostModule("1x") {}), ("not a Python identifier", HostModule("a-b") {}),
        ("not a Python identifier", HostModule("") {}), ("not a Python identifier", HostModule("a.b") {}),
        ("not a Python identifier", HostModule("class") {}), ("the name is taken", HostModule("roost") {}),
        ("no dotted Python name", HostModule("m") { HostFunction("a.", "") { _ in } }),
        ("no dotted Python name", HostModule("m") { HostFunction("import", "") { _ in } }),
        ("no dotted Python name", HostModule("m") { HostFunction("_call", "") { _ in } }),
        ("is there twice", HostModule("m") { for _ in 0..<2 { HostFunction("f", "") { _ in } } }),
        (
            "both a function and a class",
            HostModule("m") {
                HostFunction("f", "") { _ in }
                HostFunction("f.g", "") { _ in }
            }
        ),
        ("is no name for an argument", HostModule("m") { HostFunction("f", "", HostArgument<Int>("for", "")) { _, _ in } }),
        (
            "two arguments 'a'",
            HostModule("m") { HostFunction("f", "", HostArgument<Int>("a", ""), HostArgument<Int>("a", "")) { _, _, _ in } }
        ),
        (
            "has no default and follows",
            HostModule("m") { HostFunction("f", "", HostArgument("a", "", default: 1), HostArgument<Int>("b", "")) { _, _, _ in } }
        ),
        (
            "follows an argument that is by keyword only",
            HostModule("m") {
                HostFunction("f", "", HostArgument<Int>("a", "", keywordOnly: true), HostArgument<Int>("b", "")) { _, _, _ in }
            }
        ),
    ]

    @Test func `a module of the standard library cannot be replaced`() async throws {
        let engine = try PythonEngine(
            configuration: .init(
                executable: EngineFixture.executable, scratch: PythonEngineConfiguration.temporaryScratch + "-json",
                modules: [HostModule("json") {}]), logger: .silent)
        let error = await #expect(throws: PythonEngineError.self) { try await engine.start() }
        #expect(
            error?.description
                == "Python cannot run: the host module 'json' has the name of a module of the standard library")
    }

    @Test(arguments: 0..<wrong.count)
    func `impossible declarations are refused at the start`(_ index: Int) {
        let (reason, module) = Self.wrong[index]
        let error = #expect(throws: PythonEngineError.self) {
            try PythonEngine(
                configuration: .init(executable: "", scratch: "", workers: 1, modules: [module]), logger: .silent)
        }
        #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
    }
}
