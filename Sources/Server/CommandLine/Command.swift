/// A command, declared once: parsing, `--help`, suggestions and shell completions come from here.
struct Command: Sendable {
    /// What a command does.
    enum Body: Sendable {
        /// Other commands, such as those of `roost history`.
        case group([Command])
        /// Runs it, and gives the exit code. What it throws becomes one line: a ``UsageError`` with 2, any other with
        /// ``failureCode``.
        case run(@Sendable (Invocation) async throws -> Int32)
        /// The same, for one that blocks.
        case blocking(@Sendable (Invocation) throws -> Int32)
    }

    /// As typed.
    let name: String
    /// For the list of commands; a sentence without a full stop, in lower case.
    let summary: String
    /// Paragraphs below the usage line; lines within one are joined.
    var discussion = ""
    /// What stands on the line without hyphens, in order; only the last may be optional or repeated.
    var arguments: [Argument] = []
    /// The options, as the help lists them.
    var sections: [OptionSection] = []
    /// What the codes mean, in the help; the usual three unless a command has others.
    var exitCodes = ExitCode.usual
    /// The code of a failure that the command leaves to its caller to report.
    var failureCode: Int32 = 1
    /// Whole lines to type.
    var examples: [String] = []
    /// What it does.
    let body: Body

    /// The commands below it.
    var subcommands: [Command] { if case .group(let commands) = body { commands } else { [] } }
    /// All options of all sections.
    var options: [any OptionDeclaration] { sections.flatMap(\.options) }
}

/// What an exit code of a command means.
struct ExitCode: Sendable {
    /// A number, or a range such as `128+N`.
    let code: String
    /// For people.
    let meaning: String

    init(_ code: String, _ meaning: String) {
        self.code = code
        self.meaning = meaning
    }

    static let usual = [
        ExitCode("0", "it worked"), ExitCode("1", "it failed; one line says why"),
        ExitCode("2", "wrong usage"),
    ]
}
