@testable import RoostServer
import Testing

@Suite struct `Commands as they are declared` {
    private static func request(_ line: String) throws -> CommandTree.Request {
        try RoostCommand.tree.request(line.split(separator: " ").map(String.init), environment: [:])
    }

    private static func mistake(_ line: String) -> (text: String, path: String)? {
        do throws(CommandTree.Mistake) {
            _ = try RoostCommand.tree.request(line.split(separator: " ").map(String.init), environment: [:])
            return nil
        } catch { return (error.error.description, error.path) }
    }

    /// Every command that runs, with what is typed to get there.
    static let all: [(path: String, command: Command)] = {
        func below(_ commands: [Command], _ path: String) -> [(String, Command)] {
            commands.flatMap { command in
                [("\(path) \(command.name)", command)] + below(command.subcommands, "\(path) \(command.name)")
            }
        }
        return below(RoostCommand.tree.commands, "roost")
    }()

    @Test(arguments: [
        ("servee", "unknown command 'servee'; did you mean 'roost serve'?", "roost"),
        ("jbos", "unknown command 'jbos'; did you mean 'roost jobs'?", "roost"),
        ("cancle x", "unknown command 'cancle'; did you mean 'roost cancel'?", "roost"),
        ("xyzzy", "unknown command 'xyzzy'", "roost"),
        ("--nonsense", "unknown option '--nonsense'", "roost"),
        ("help jbos", "unknown command 'jbos'; did you mean 'roost jobs'?", "roost"),
        ("run", "FILE|- is missing: the script; - reads it from standard input", "roost run"),
        ("run a.py b.py", "unexpected argument 'b.py'", "roost run"),
        ("run -x a.py", "unknown option '-x'; options begin with --", "roost run"),
        ("run --timout 3 a.py", "unknown option '--timout'; did you mean '--timeout'?", "roost run"),
        ("run --timeout soon a.py", "option '--timeout' must be a number of seconds, not 'soon'", "roost run"),
        ("cancel", "ID is missing: the job's id; several may follow each other", "roost cancel"),
        ("completions tcsh", "SHELL must be one of bash, zsh, fish, not 'tcsh'", "roost completions"),
        ("jobs --status done", "option '--status' must be one of pending, running, completed, failed, cancelled, not 'done'", "roost jobs"),
    ])
    func `say what is wrong and where it is explained`(line: String, text: String, path: String) throws {
        let mistake = try #require(Self.mistake(line))
        #expect(mistake.text == text)
        #expect(mistake.path == path)
    }

    @Test func `take arguments between options, a hyphen for a file, and everything after two`() throws {
        guard case .run(_, let path, let invocation) = try Self.request("run --timeout 2 - --json") else {
            Issue.record("no run")
            return
        }
        #expect(path == "roost run")
        #expect(invocation.arguments == ["-"])
        #expect(invocation.values[RunCommand.timeout]?.value == 2)
        #expect(invocation.values[RunCommand.json])
        guard case .run(_, _, let second) = try Self.request("run -- --help") else {
            Issue.record("no run")
            return
        }
        #expect(second.arguments == ["--help"])
        guard case .run(_, _, let third) = try Self.request("cancel a b c") else {
            Issue.record("no run")
            return
        }
        #expect(third.arguments == ["a", "b", "c"])
    }

    @Test func `read from the environment what belongs there, and nothing else`() throws {
        let environment = ["ROOST_URL": "http://a:1", "ROOST_TIMEOUT": "x", "ROOST_JSON": "x", "ROOST_STATUS": "x"]
        guard case .run(_, _, let invocation) = try RoostCommand.tree.request(["jobs"], environment: environment) else {
            Issue.record("no run")
            return
        }
        #expect(invocation.values[ServerOptions.url] == "http://a:1")
        #expect(invocation.values[JobSearch.status] == nil)
    }

    @Test(arguments: ["--help", "-h", "help"])
    func `explain the program`(word: String) throws {
        guard case .generalHelp = try Self.request(word) else {
            Issue.record("no help")
            return
        }
        let page = HelpPage(style: .plain, width: 80).general(RoostCommand.tree.groups)
        for (path, command) in Self.all where command.subcommands.isEmpty {
            #expect(page.contains("  \(path.dropFirst("roost ".count))"), "\(path)")
        }
    }

    @Test(arguments: Self.all.map(\.path))
    func `explain themselves`(path: String) throws {
        let command = try #require(Self.all.first { $0.path == path }?.command)
        for line in ["\(path.dropFirst(6)) --help", "help \(path.dropFirst(6))"] {
            guard case .help(let found, let place) = try Self.request(line) else {
                Issue.record("no help for \(line)")
                return
            }
            #expect(found.name == command.name)
            #expect(place == path)
        }
        for width in [40, 80, 100] {
            let page = HelpPage(style: .plain, width: width).page(command, path: path)
            #expect(page.hasPrefix("Usage: \(path)"))
            let words = page.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
            for option in command.options { #expect(words.contains("--\(option.name)")) }
            for argument in command.arguments { #expect(words.contains(argument.summary)) }
            if command.subcommands.isEmpty { #expect(page.contains("Exit codes:")) }
        }
        let page = HelpPage(style: .plain, width: 80).page(command, path: path)
        let examples = Set(command.examples.map { "  " + $0 })
        let long = page.split(separator: "\n").filter { DisplayWidth.of($0) > 80 && !examples.contains(String($0)) }
        #expect(long.isEmpty, "\(long)")
    }

    @Test(arguments: Self.all.map(\.path))
    func `declare nothing twice and nothing that a shell would stumble over`(path: String) throws {
        let command = try #require(Self.all.first { $0.path == path }?.command)
        let names = command.options.map(\.name)
        #expect(Set(names).count == names.count)
        for name in names + [command.name] {
            #expect(name.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x2D }, "\(name)")
        }
        #expect(!names.contains("help") && !names.contains("version"))
        for option in command.options {
            #expect(!option.summary.isEmpty && !option.summary.hasSuffix("."), "\(option.name)")
            for choice in option.choices { #expect(!choice.contains { " '\"\\:$`".contains($0) }, "\(choice)") }
        }
        for argument in command.arguments.dropLast() { #expect(argument.count == .once) }
    }
}
