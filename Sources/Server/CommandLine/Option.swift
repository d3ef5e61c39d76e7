/// One option, declared once: from it come the flag, the environment variable, the check, the default and the help.
struct Option<Value: OptionValue>: OptionDeclaration {
    let name: String
    let placeholder: String?
    let summary: String
    let defaultText: String?
    let repeats: Bool
    var choices: [String] { Value.choices }
    private let range: ClosedRange<Int>?

    /// An option with a value.
    init(
        _ name: String, _ placeholder: String, _ summary: String, default defaultText: String? = nil,
        repeats: Bool = false, in range: ClosedRange<Int>? = nil
    ) {
        self.name = name
        self.placeholder = placeholder
        self.summary = summary
        self.defaultText = defaultText
        self.repeats = repeats
        self.range = range
    }

    func check(_ text: String, from source: String) throws(UsageError) { _ = try value(text, from: source) }

    func value(_ text: String, from source: String) throws(UsageError) -> Value {
        if let value = Value(option: text), range.map({ ($0 ~= (value as? Int ?? $0.lowerBound)) }) ?? true {
            return value
        }
        let bounds = range.map {
            $0.upperBound == .max
                ? " of at least \($0.lowerBound)" : " from \($0.lowerBound) to \($0.upperBound)"
        }
        throw UsageError("\(source) must be \(Value.expectation)\(bounds ?? ""), not '\(text)'")
    }
}
