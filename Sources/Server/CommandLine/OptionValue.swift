/// A type that an option's value can have.
protocol OptionValue: Sendable {
    /// What a message says it must be: "a whole number".
    static var expectation: String { get }
    /// All values there are; empty when they cannot be listed.
    static var choices: [String] { get }
    /// Reads the text; nil when it does not have the form.
    init?(option text: String)
}

extension OptionValue {
    static var choices: [String] { [] }
}

extension String: OptionValue {
    static var expectation: String { "a text that is not empty" }
    init?(option text: String) {
        guard !text.isEmpty else { return nil }
        self = text
    }
}

extension Int: OptionValue {
    static var expectation: String { "a whole number" }
    /// Digits only, so that `+5` or ` 5` is no surprise.
    init?(option text: String) {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        self.init(text)
    }
}

extension OptionValue where Self: RawRepresentable & CaseIterable, RawValue == String {
    static var expectation: String { "one of " + choices.joined(separator: ", ") }
    static var choices: [String] { allCases.map(\.rawValue) }
    init?(option text: String) { self.init(rawValue: text) }
}
