/// `roost completions`: a script for a shell, made from the declarations of all commands.
enum CompletionsCommand {
    static let declaration: Command = Command(
        name: "completions", summary: "print completions for a shell",
        discussion: """
            Prints a script that completes commands, options and their values.

            For bash put it where bash-completion looks (~/.local/share/bash-completion/completions/roost) or source
            it; for zsh save it as _roost in a folder of $fpath; for fish as ~/.config/fish/completions/roost.fish.
            """,
        arguments: [
            Argument("SHELL", "bash, zsh or fish", choices: Shell.allCases.map(\.rawValue))
        ],
        examples: [
            "source <(roost completions bash)",
            "roost completions fish > ~/.config/fish/completions/roost.fish",
        ],
        body: .run { invocation in
            guard let shell = invocation.arguments.first.flatMap(Shell.init(rawValue:)) else { return 2 }
            Console.print(shell.completions(of: RoostCommand.tree.commands))
            return 0
        })
}
