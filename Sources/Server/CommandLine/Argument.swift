/// Something that stands on the command line without hyphens, such as a file or a job's id.
struct Argument: Sendable {
    /// How often it stands there.
    enum Count: Sendable {
        case once
        case optional
        case repeated
    }

    /// What stands for it in the help, such as `FILE`.
    let placeholder: String
    /// For people; a sentence without a full stop.
    let summary: String
    let count: Count
    /// All values it can have; empty when it is free.
    let choices: [String]

    init(_ placeholder: String, _ summary: String, _ count: Count = .once, choices: [String] = []) {
        self.placeholder = placeholder
        self.summary = summary
        self.count = count
        self.choices = choices
    }

    /// As the usage line has it: `FILE`, `[FILE]`, `ID…`.
    var usage: String {
        switch count {
        case .once: placeholder
        case .optional: "[\(placeholder)]"
        case .repeated: placeholder + "…"
        }
    }

    /// How a shell completes it.
    var completion: ValueCompletion { ValueCompletion(placeholder: placeholder, choices: choices) }
}
