import RoostPythonWire
import Testing

/// What the host module of these tests looks like.
enum HostTests {
    static let modules = #"""
        [{"name": "unreal", "doc": "The tests' module.", "functions": [
            {"name": "SystemLibrary.get_project_directory", "parameters": [
                {"name": "a", "type": "str"}, {"name": "b", "type": "list", "default": []}]},
            {"name": "echo", "parameters": [{"name": "a"}, {"name": "b", "default": null}]},
            {"name": "boom"}, {"name": "A.B.deep"},
            {"name": "log", "level": 0, "parameters": [{"name": "message"}]},
            {"name": "log_warning", "level": 1, "parameters": [{"name": "message"}]},
            {"name": "log_error", "level": 2, "parameters": [{"name": "message"}]}],
          "prelude": "def twice(x):\n    return [_call('echo', x), echo(x)]\nclass Actor:\n    pass\n"}]
        """#
}

extension WorkerTests {
    @Suite struct Hosts {
        private func run(_ source: String, answer: @escaping (CallRequest) -> String) throws -> JobReport {
            let child = try WorkerProcess(modules: HostTests.modules).fork()
            child.answer = answer
            return try child.run(source)
        }

        @Test func `a call blocks for its value`() throws {
            let report = try run(
                "import unreal\nunreal.SystemLibrary.get_project_directory('a', b=[1, None])"
            ) {
                _ in #""value":"/project/""#
            }
            #expect(report.result == #""/project/""#)
            let call = try #require(report.calls.first)
            #expect(call.function == "unreal.SystemLibrary.get_project_directory")
            #expect(call.arguments == "[]")
            #expect(call.keywords == #"{"a":"a","b":[1,null]}"#)
        }

        @Test func `the module is there without importing, its prelude and nested classes too`() throws {
            let report = try run("unreal.twice(1) + [unreal.A.B.deep(), unreal.Actor.__module__]") {
                "\"value\":\($0.id)"
            }
            #expect(report.result == #"[1,2,3,"unreal"]"#)
            #expect(report.calls.map(\.function) == ["unreal.echo", "unreal.echo", "unreal.A.B.deep"])
        }

        @Test(arguments: [
            ("ValueError", "ValueError"), ("KeyError", "KeyError"),
            ("FileNotFoundError", "FileNotFoundError"),
            ("SystemExit", "RuntimeError"), ("UnicodeDecodeError", "RuntimeError"),
            ("NoSuch", "RuntimeError"),
        ])
        func `an error reply raises the builtin exception it names`(named: String, raised: String) throws {
            let report = try run("unreal.boom()") { _ in #""error":{"type":"\#(named)","message":"bad"}"# }
            #expect(report.header?.type == raised)
            #expect(report.header?.line == 1)
            #expect(report.header?.traceback?.contains("roost") == false)
        }

        @Test(arguments: [
            ("unreal.nope", "module 'unreal' has no attribute 'nope'"),
            ("unreal.SystemLibrary.nope()", "type object 'SystemLibrary' has no attribute 'nope'"),
        ])
        func `unknown names are AttributeErrors in Python's words`(source: String, message: String) throws {
            let header = try #require(try WorkerProcess.run(source, modules: HostTests.modules).header)
            #expect(header.type == "AttributeError")
            #expect(header.message == message)
        }

        @Test func `arguments that JSON cannot hold are a TypeError and no call`() throws {
            let report = try run("unreal.echo(object())") { _ in #""value":1"# }
            #expect(report.header?.type == "TypeError")
            #expect(report.calls.isEmpty)
        }

        @Test func `several threads call at once and each gets its own answer, with output in between`()
            throws
        {
            let report = try run(
                """
                import sys, threading
                results = {}
                def work(n):
                    for i in range(50):
                        value = unreal.echo(n, i)
                        results[n, i] = value == {'a': n, 'b': i}
                        print(n, i)
                        print(n, i, file=sys.stderr)
                threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
                for t in threads: t.start()
                for t in threads: t.join()
                [len(results), all(results.values())]
                """
            ) { "\"value\":\($0.keywords)" }
            #expect(report.result == "[200,true]")
        }

        @Test func `log functions take any object, send no call and keep valid UTF-8`() throws {
            let report = try run("unreal.log(1)\nunreal.log_warning(None)\nunreal.log_error('a\\ud800')") {
                _ in ""
            }
            #expect(report.calls.isEmpty)
            #expect(report.events == [.log(.info, "1"), .log(.warning, "None"), .log(.error, "a\u{FFFD}")])
        }

        @Test func `log entries are bounded in number and in bytes, on a character`() throws {
            let bounds = WorkerProcess.Bounds(logEntries: 3, logEntryBytes: 7)
            let report = try WorkerProcess.run(
                "for i in range(10): unreal.log('éééé')\nprint('on')", bounds, modules: HostTests.modules)
            #expect(report.logs == ["ééé", "ééé", "ééé"])
            #expect(report.output == "on\n")
        }
    }
}
