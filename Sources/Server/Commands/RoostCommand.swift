internal import Glibc

/// The program `roost`: picks the command.
public enum RoostCommand {
    static let tree: CommandTree = CommandTree(groups: [
        CommandGroup(
            "Server", [ServeCommand.declaration, HealthCommand.declaration, HandlersCommand.declaration]),
        CommandGroup(
            "Jobs",
            [
                RunCommand.declaration, JobsCommand.declaration, JobCommand.declaration,
                CancelCommand.declaration,
            ]),
        CommandGroup("History", [HistoryCommand.declaration]),
        CommandGroup("Other", [CompletionsCommand.declaration]),
    ])

    /// Runs a command line.
    ///
    /// - Parameters:
    ///   - arguments: Without the program's name.
    ///   - environment: Where `ROOST_…` variables are looked up.
    /// - Returns: The exit code: 0 after success, 1 when it failed, 2 for wrong usage; `roost run` has others.
    public static func run(_ arguments: [String], environment: [String: String]) async -> Int32 {
        let output = Terminal.output(environment)
        let request: CommandTree.Request
        do throws(CommandTree.Mistake) {
            request = try tree.request(arguments, environment: environment)
        } catch {
            if arguments.isEmpty {
                Console.printError(Terminal.errors(environment).helpPage.general(tree.groups))
            } else {
                Console.printError("roost: \(error.error); see \(error.path) --help\n")
            }
            return 2
        }
        switch request {
        case .generalHelp:
            output.write(output.helpPage.general(tree.groups))
            return 0
        case .help(let command, let path):
            output.write(output.helpPage.page(command, path: path))
            return 0
        case .version:
            output.write("roost \(RoostVersion.current)\n")
            return 0
        case .run(let command, let path, let invocation): return await run(command, path, invocation)
        }
    }

    private static func run(_ command: Command, _ path: String, _ invocation: Invocation) async -> Int32 {
        do {
            switch command.body {
            case .group: return 2
            case .run(let body): return try await body(invocation)
            case .blocking(let body): return try await CommandThread.run { try body(invocation) }
            }
        } catch let error as UsageError {
            Console.printError("roost: \(error); see \(path) --help\n")
            return 2
        } catch ClientError.interrupted(let signal) {
            return 128 + signal
        } catch {
            Console.printError("roost: \(error)\n")
            return command.failureCode
        }
    }

    /// The process's environment.
    public static var environment: [String: String] {
        var environment: [String: String] = [:]
        var entry = unsafe environ
        // `environ` ends with a null pointer (environ(7)), and nothing changes it before the server starts.
        while let text = unsafe entry.pointee {
            let pair = unsafe String(cString: text)
            if let equals = pair.firstIndex(of: "=") {
                environment[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
            }
            unsafe entry += 1
        }
        return environment
    }
}
