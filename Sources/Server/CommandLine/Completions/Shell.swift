/// The shells that completions can be written for.
enum Shell: String, CaseIterable {
    case bash
    case zsh
    case fish

    /// A script for the shell, made from the declarations; it needs nothing but the shell itself.
    func completions(of commands: [Command]) -> String {
        switch self {
        case .bash: BashCompletions.script(commands)
        case .zsh: ZshCompletions.script(commands)
        case .fish: FishCompletions.script(commands)
        }
    }
}
