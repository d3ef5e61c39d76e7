@testable import RoostServer
import Testing

@Suite struct `Command line of roost serve` {
    private static func refusal(_ arguments: [String], _ environment: [String: String] = [:]) -> String? {
        do throws(UsageError) {
            _ = try ParsedOptions(arguments, environment: environment, sections: ServeOptions.sections)
            return nil
        } catch { return error.description }
    }

    private static func values(_ arguments: [String], _ environment: [String: String] = [:]) throws -> ParsedOptions {
        try ParsedOptions(arguments, environment: environment, sections: ServeOptions.sections)
    }

    @Test(arguments: [
        (["--nonsense"], "unknown option '--nonsense'"),
        (["--max-que", "1"], "unknown option '--max-que'; did you mean '--max-queue'?"),
        (["--prot", "1"], "unknown option '--prot'; did you mean '--port'?"),
        (["--data", "x"], "unknown option '--data'; did you mean '--database'?"),
        (["--port"], "option '--port' needs a value: --port N"),
        (["--port", "65536"], "option '--port' must be a whole number from 0 to 65535, not '65536'"),
        (["--port", "+80"], "option '--port' must be a whole number from 0 to 65535, not '+80'"),
        (["--port", "80", "--port", "81"], "option '--port' is given twice"),
        (["--workers", "0"], "option '--workers' must be a whole number from 1 to 1024, not '0'"),
        (["--examples=1"], "option '--examples' takes no value"),
        (["--python-dialect", "modern"], "option '--python-dialect' must be one of reference, classic, not 'modern'"),
        (["--project", ""], "option '--project' must be a text that is not empty, not ''"),
        (["file.py"], "unexpected argument 'file.py'; options begin with --"),
        (["--sandbox", "tight"], "option '--sandbox' must be one of off, limits, strict, not 'tight'"),
        (["--isolation", "thread"], "option '--isolation' must be"),
        (["--session-idle", "0"], "option '--session-idle' must be a whole number from 1 to 31536000, not '0'"),
        (["--max-sessions", "-1"], "option '--max-sessions' must be a whole number from 0 to 10000, not '-1'"),
        (["--rate-limit", "0/s"], "option '--rate-limit' must be requests a second from 1/s to 1000000/s, not '0/s'"),
        (["--rate-limit", "10"], "option '--rate-limit' must be requests a second from 1/s to 1000000/s, not '10'"),
        (
            ["--max-body", "99999999999999999999"],
            "option '--max-body' must be a whole number from 1 to 1073741824, not '99999999999999999999'"
        ),
    ])
    func `refuses what it does not know or cannot read, and says what would be right`(
        arguments: [String], message: String
    ) throws {
        #expect(try #require(Self.refusal(arguments)).hasPrefix(message))
    }

    @Test func `reads both forms of a flag`() throws {
        #expect(try Self.values(["--port", "1"])[ServeOptions.port] == 1)
        #expect(try Self.values(["--port=2"])[ServeOptions.port] == 2)
        #expect(try Self.values(["--project=a=b"])[ServeOptions.project] == "a=b")
    }

    @Test func `reads each option from the environment, and lets the flag win`() throws {
        let environment = ["ROOST_MAX_QUEUE": "5", "ROOST_EXAMPLES": "1", "ROOST_HOST": "127.0.0.1, ::1"]
        let values = try Self.values([], environment)
        #expect(values[ServeOptions.maxQueue] == 5)
        #expect(values[ServeOptions.examples])
        #expect(values.all(ServeOptions.host) == ["127.0.0.1", "::1"])
        #expect(try Self.values(["--max-queue", "6"], environment)[ServeOptions.maxQueue] == 6)
        #expect(try Self.values(["--host", "127.0.0.2"], environment).all(ServeOptions.host) == ["127.0.0.2"])
    }

    @Test func `names the variable when its value is wrong`() {
        #expect(Self.refusal([], ["ROOST_PORT": "x"])?.hasPrefix("ROOST_PORT must be a whole number") == true)
        #expect(Self.refusal([], ["ROOST_EXAMPLES": "yes"]) == "ROOST_EXAMPLES must be 1 or 0, not 'yes'")
    }

    @Test func `collects a repeated option`() throws {
        let values = try Self.values(["--allow-host", "a", "--allow-host", "b"])
        #expect(values.all(ServeOptions.allowHost) == ["a", "b"])
    }

    @Test func `explains every option in its help`() {
        let page = HelpPage(style: .plain, width: 100).page(ServeCommand.declaration, path: "roost serve")
        let words = page.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
        for option in ServeOptions.sections.flatMap(\.options) {
            #expect(page.contains("\n  --\(option.name)"))
            #expect(words.contains(option.summary))
        }
    }

    @Test func `declares no option twice`() {
        let names = ServeOptions.sections.flatMap(\.options).map(\.name)
        #expect(Set(names).count == names.count)
    }

    @Test(arguments: [
        ("", "", 0), ("", "ab", 2), ("port", "prot", 1), ("port", "por", 1), ("port", "ports", 1), ("port", "pirt", 1),
        ("host", "port", 2), ("abc", "ca", 3),
    ])
    func `counts the mistakes between two words`(left: String, right: String, count: Int) {
        #expect(editDistance(left, right) == count)
        #expect(editDistance(right, left) == count)
    }
}
