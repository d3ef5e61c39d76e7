/// All commands of the program, and how a command line finds its own.
struct CommandTree: Sendable {
    /// What a command line asks for.
    enum Request: Sendable {
        /// Run this.
        case run(Command, path: String, Invocation)
        /// The help of this command.
        case help(Command, path: String)
        /// The help of the program.
        case generalHelp
        /// The version.
        case version
    }

    /// A command line that cannot be carried out, and whose help would say how.
    struct Mistake: Error, Sendable {
        let error: UsageError
        /// Such as `roost history`.
        let path: String
    }

    /// As the general help shows them.
    let groups: [CommandGroup]

    /// All commands.
    var commands: [Command] { groups.flatMap(\.commands) }

    /// Understands a command line.
    ///
    /// - Parameters:
    ///   - words: Without the program's name.
    ///   - environment: Where options are looked up that may be there.
    /// - Returns: What it asks for.
    /// - Throws: ``Mistake``.
    func request(_ words: [String], environment: [String: String]) throws(Mistake) -> Request {
        switch words.first {
        case nil: throw Mistake(error: UsageError("a command is missing"), path: "roost")
        case "--version", "version": return .version
        case "--help", "-h": return .generalHelp
        case "help":
            let rest = words.drop { $0 == "help" }
            return rest.isEmpty ? .generalHelp : try request(rest + ["--help"], environment: environment)
        default: break
        }
        var path = "roost"
        var known = commands
        var rest = words[...]
        var found: Command?
        while let word = rest.first, found == nil || !known.isEmpty {
            if word == "--help" || word == "-h", let found { return .help(found, path: path) }
            guard let command = known.first(where: { $0.name == word }) else {
                let meant = Suggestion.closest(to: word, among: known.map(\.name))
                let kind = word.hasPrefix("-") ? "option" : "command"
                throw Mistake(
                    error: UsageError(
                        "unknown \(kind) '\(word)'" + (meant.map { "; did you mean '\(path) \($0)'?" } ?? "")),
                    path: path)
            }
            rest.removeFirst()
            path += " " + command.name
            known = command.subcommands
            found = command
        }
        guard let command = found else { return .generalHelp }
        guard command.subcommands.isEmpty else {
            throw Mistake(
                error: UsageError("\(path) needs a command: \(known.map(\.name).joined(separator: ", "))"),
                path: path)
        }
        if rest.prefix(while: { $0 != "--" }).contains(where: { $0 == "--help" || $0 == "-h" }) {
            return .help(command, path: path)
        }
        do throws(UsageError) {
            let values = try ParsedOptions(
                rest, environment: environment, sections: command.sections, arguments: command.arguments)
            return .run(command, path: path, Invocation(values: values, environment: environment))
        } catch { throw Mistake(error: error, path: path) }
    }
}
