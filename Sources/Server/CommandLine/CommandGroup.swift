/// Commands that belong together, as the general help page shows them.
struct CommandGroup: Sendable {
    let title: String
    let commands: [Command]

    init(_ title: String, _ commands: [Command]) {
        self.title = title
        self.commands = commands
    }
}
