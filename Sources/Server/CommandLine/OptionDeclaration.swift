/// An option without its static type: what parsing and the help page need.
protocol OptionDeclaration: Sendable {
    /// Without the two hyphens: `max-queue`.
    var name: String { get }
    /// What stands for the value in the help, such as `N`; nil for a switch.
    var placeholder: String? { get }
    /// For people; a sentence without a full stop.
    var summary: String { get }
    /// As shown in the help; nil when there is nothing to show.
    var defaultText: String? { get }
    /// True when it may be given more than once.
    var repeats: Bool { get }
    /// All values it can have; empty when it is free, and for a switch.
    var choices: [String] { get }
    /// Checks one value.
    func check(_ text: String, from source: String) throws(UsageError)
}

extension OptionDeclaration {
    /// `--max-queue` as an environment variable: `ROOST_MAX_QUEUE`.
    var environmentName: String {
        "ROOST_" + name.uppercased().map { $0 == "-" ? "_" : String($0) }.joined()
    }

    /// How a shell completes its value; nil for a switch.
    var completion: ValueCompletion? {
        placeholder.map { ValueCompletion(placeholder: $0, choices: choices) }
    }
}
