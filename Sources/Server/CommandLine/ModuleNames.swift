/// Names of Python modules, separated by commas.
struct ModuleNames: OptionValue {
    static var expectation: String { "names of Python modules, separated by commas" }

    let names: [String]

    init?(option text: String) {
        names = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard names.allSatisfy(Self.isModuleName) else { return nil }
    }

    /// Dotted identifiers; letters beyond ASCII are Python's to judge.
    private static func isModuleName(_ name: String) -> Bool {
        name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
            part.first.map { $0 == "_" || $0.isLetter } == true
                && part.allSatisfy { $0 == "_" || $0.isLetter || $0.isNumber }
        }
    }
}
