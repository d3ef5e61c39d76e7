/// How a shell completes a value.
enum ValueCompletion: Sendable, Equatable {
    /// Not at all.
    case nothing
    /// With names of files.
    case files
    /// With names of folders.
    case folders
    /// With one of these.
    case words([String])

    /// The words, if there are any; else what the placeholder says: `DIR` is a folder, `FILE` and `PATH` are files.
    init(placeholder: String?, choices: [String]) {
        guard choices.isEmpty else {
            self = .words(choices)
            return
        }
        switch placeholder?.prefix(4) {
        case "DIR": self = .folders
        case "FILE", "PATH": self = .files
        default: self = .nothing
        }
    }
}
