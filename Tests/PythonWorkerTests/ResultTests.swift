import Testing

extension WorkerTests {
    @Suite struct Results {
        @Test(arguments: [
            ("1 + 1", "2"), ("'doc'", "\"doc\""), ("x = 1", ""), ("None", ""), ("x = 3\nx", "3"), ("", ""),
            ("# note", ""),
            ("{'a': [1, 2.5, True, None]}", #"{"a":[1,2.5,true,null]}"#), ("float('nan')", "\"nan\""),
            ("'\\ud800'", #""'\\ud800'""#), ("object", #""<class 'object'>""#), ("{1, }", "\"{1}\""),
            ("'\\x00\\n\"'", #""\u0000\n\"""#), ("print('x')", ""), ("1; 2", "2"), ("def f(): 1", ""),
            ("from __future__ import annotations\ndef f(x: nope): pass\nf.__annotations__", #"{"x":"nope"}"#),
            ("__name__", "\"__main__\""), ("'é'", "\"é\""), ("10 ** 20", "100000000000000000000"),
        ])
        func `the last expression is the result`(source: String, result: String) throws {
            let report = try WorkerProcess.run(source)
            #expect(report.outcome == "completed")
            #expect(report.result == result)
            #expect(report.header?.result_truncated == nil)
        }

        @Test func `the docstring and the module are as in a script`() throws {
            let report = try WorkerProcess.run(
                "'the doc'\nimport sys\n[__doc__, sys.modules['__main__'].__dict__ is globals(), sys.argv]")
            #expect(report.result == #"["the doc",true,[""]]"#)
        }

        @Test func `a result beyond the bound becomes its repr, cut, as a JSON string`() throws {
            let report = try WorkerProcess.run("'\\n' * 5000")
            #expect(report.header?.result_truncated == true)
            #expect(report.result.utf8.count <= 2000)
            #expect(report.result.utf8.count > 1900)
            #expect(report.result.hasPrefix(#""'\\n\\n"#))
            #expect(report.result.hasSuffix("\""))
        }

        @Test func `a result nested over 100 levels becomes its repr`() throws {
            let source = "x = []\nfor i in range(LEVELS - 1): x = [x]\nx"
            let at = try WorkerProcess.run(source.replacing("LEVELS", with: "100"))
            #expect(at.result.hasPrefix("[["))
            let over = try WorkerProcess.run(source.replacing("LEVELS", with: "101"))
            #expect(over.result.hasPrefix("\"[["))
            let loop = try WorkerProcess.run("x = []\nx.append(x)\nx")
            #expect(loop.result == "\"[[...]]\"")
        }

        @Test func `a repr that raises is named`() throws {
            let report = try WorkerProcess.run("class X:\n    def __repr__(self): return 1/0\nX()")
            #expect(report.outcome == "completed")
            #expect(report.result == "\"<X object (repr failed: ZeroDivisionError)>\"")
        }
    }
}
