/// An option without a value: given or not; as an environment variable `1` or `0`.
struct Switch: OptionDeclaration {
    let name: String
    let summary: String
    var placeholder: String? { nil }
    var defaultText: String? { nil }
    var repeats: Bool { false }
    var choices: [String] { [] }

    init(_ name: String, _ summary: String) {
        self.name = name
        self.summary = summary
    }

    func check(_ text: String, from source: String) throws(UsageError) {
        guard text == "1" || text == "0" else { throw UsageError("\(source) must be 1 or 0, not '\(text)'") }
    }
}
