internal import Glibc

/// The program `roost`: picks the command.
public enum RoostCommand {
    /// Runs a command line.
    ///
    /// - Parameters:
    ///   - arguments: Without the program's name.
    ///   - environment: Where `ROOST_…` variables are looked up.
    /// - Returns: The exit code: 0 after success, 1 when it failed, 2 for wrong usage.
    public static func run(_ arguments: [String], environment: [String: String]) async -> Int32 {
        switch arguments.first {
        case "serve":
            let rest = arguments.dropFirst()
            if rest.contains("--help") || rest.contains("-h") {
                Console.print(HelpPage.serve)
                return 0
            }
            return await ServeCommand.run(rest, environment: environment)
        case "--help", "-h", "help":
            Console.print(HelpPage.general)
            return 0
        case "--version", "version":
            Console.print("roost \(RoostVersion.current)\n")
            return 0
        case nil:
            Console.printError(HelpPage.general)
            return 2
        case let word?:
            Console.printError("roost: unknown command '\(word)'; see roost --help\n")
            return 2
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
