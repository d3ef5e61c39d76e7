/// A place on the command line, as completion scripts need it: the words typed so far, and what can follow.
struct CompletionNode {
    /// Such as `roost history export`.
    let path: String
    /// Commands that can follow, those of the program itself among them.
    let commands: [(name: String, summary: String)]
    let options: [any OptionDeclaration]
    let arguments: [Argument]

    /// Every place, the program itself first.
    static func all(_ commands: [Command]) -> [CompletionNode] {
        let names = commands.map { (name: $0.name, summary: $0.summary) }
        let help = CompletionNode(
            path: "roost help", commands: names, options: [], arguments: [])
        return [
            CompletionNode(
                path: "roost", commands: names + [(name: "help", summary: "explain a command")],
                options: [], arguments: [])
        ] + commands.flatMap { below($0, "roost") } + [help]
    }

    private static func below(_ command: Command, _ parent: String) -> [CompletionNode] {
        let path = parent + " " + command.name
        let node = CompletionNode(
            path: path, commands: command.subcommands.map { (name: $0.name, summary: $0.summary) },
            options: command.options, arguments: command.arguments)
        return [node] + command.subcommands.flatMap { below($0, path) }
    }

    /// Switches that stand at every place.
    var standard: [(name: String, summary: String)] {
        path == "roost"
            ? [(name: "help", summary: "explain"), (name: "version", summary: "print the version")]
            : [(name: "help", summary: "explain this command")]
    }
}
