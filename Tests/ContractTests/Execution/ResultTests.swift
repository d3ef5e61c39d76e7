import RoostCore
import Testing

@Suite(.server()) struct `The result of a job` {
    @Test(
        arguments: [
            ("1 + 1", 2), ("'é'", "é"), ("None", nil), ("True", true), ("1.5", 1.5), ("[1, 'a', None]", [1, "a", nil]),
            ("{'a': {'b': [1]}}", ["a": ["b": [1]]]), ("x = 5", nil), ("x = 5\nx", 5), ("print(3)", nil), ("", nil),
            ("for i in range(3): i", nil), ("(1, 2)", [1, 2]), ("2\nx = 1", nil), ("'a' # comment\n\n# more", "a"),
            ("def f():\n    return 7\nf()", 7), ("\"\"\"text\nmore\"\"\"", "text\nmore"),
        ] as [(String, JSON)])
    func `is the value of a final expression`(code: String, result: JSON) async throws {
        // Code of white space only is allowed, an empty one is not.
        let answer = try await server.execute(code.isEmpty ? " " : code)
        expectSuccess(answer)
        #expect(answer["result"] == result)
        #expect(answer["status"] == "completed")
        let job = try await server.job(#require(answer["job_id"]?.string))
        #expect(job["result"] == result)
    }

    @Test(arguments: [
        ("{1}", "{1}"), ("object", "<class 'object'>"), ("1j", "1j"), ("b'x'", "b'x'"), ("float('nan')", "nan"),
        ("float('inf')", "inf"), ("range(3)", "range(0, 3)"),
    ])
    func `that is no JSON is its repr`(code: String, result: String) async throws {
        let answer = try await server.execute(code)
        expectSuccess(answer)
        #expect(answer["result"] == .string(result))
    }

    @Test func `that is larger than 1 MiB is cut`() async throws {
        let answer = try await server.execute("'x' * 2_000_000")
        expectSuccess(answer)
        #expect(answer["result_truncated"] == true)
        let result = try #require(answer["result"]?.string)
        #expect(result.utf8.count <= 1 << 20)
        #expect(result.hasPrefix("'xxx"), "its repr")
        let fits = try await server.execute("'x' * 1_000_000")
        #expect(fits["result"]?.string?.utf8.count == 1_000_000)
        #expect(fits["result_truncated"] == nil || fits["result_truncated"] == false)
    }

    @Test(arguments: [
        "class C:\n    def __repr__(self): raise ValueError('no')\nC()", "x = []\nx.append(x)\nx",
        "x = []\nfor i in range(100_000): x = [x]\nx", "10 ** 10_000", "'\\ud800'",
    ])
    func `that is awkward harms nothing`(code: String) async throws {
        let answer = try await server.execute(code)
        #expect(answer.status == 200 || answer.status == 500)
        #expect(answer.json != nil, "strict JSON")
        expectSuccess(try await server.execute("1"))
    }

    @Test func `keeps big integers and old names apart`() async throws {
        #expect(try await server.execute("9007199254740993")["result"] == 9_007_199_254_740_993)
        _ = try await server.execute("left_over = 1")
        expectFailure(try await server.execute("left_over"), 500, "PYTHON_RUNTIME_ERROR")
    }
}
