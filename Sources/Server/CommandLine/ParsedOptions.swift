/// The options of one command line and its environment, checked; a flag wins over the environment.
struct ParsedOptions: Sendable {
    private var values: [String: (texts: [String], source: String)] = [:]

    /// Reads flags of the forms `--name value` and `--name=value`, then the environment.
    ///
    /// - Throws: ``UsageError`` for an unknown flag, a missing, superfluous or invalid value, a repeated flag.
    init(
        _ arguments: some Sequence<String>, environment: [String: String],
        declarations: [any OptionDeclaration]
    ) throws(UsageError) {
        for declaration in declarations {
            let name = declaration.environmentName
            guard let text = environment[name], !text.isEmpty else { continue }
            let texts =
                declaration.repeats
                ? text.split(separator: ",").map { String($0.trimmingSpaces) }.filter { !$0.isEmpty } : [text]
            for text in texts { try declaration.check(text, from: name) }
            values[declaration.name] = (texts, name)
        }
        var given: Set<String> = []
        var rest = Array(arguments)[...]
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("--"), argument.utf8.count > 2 else {
                throw UsageError("unexpected argument '\(argument)'; options begin with --")
            }
            let parts = argument.dropFirst(2).split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            guard let declaration = declarations.first(where: { $0.name == name }) else {
                throw UsageError("unknown option '--\(name)'" + Self.suggestion(for: name, in: declarations))
            }
            let text: String
            if declaration.placeholder == nil {
                guard parts.count == 1 else { throw UsageError("option '--\(name)' takes no value") }
                text = "1"
            } else if parts.count == 2 {
                text = String(parts[1])
            } else {
                guard let next = rest.popFirst() else {
                    throw UsageError(
                        "option '--\(name)' needs a value: --\(name) \(declaration.placeholder ?? "")")
                }
                text = next
            }
            try declaration.check(text, from: "option '--\(name)'")
            if given.insert(name).inserted {
                values[name] = ([text], "option '--\(name)'")
            } else if declaration.repeats {
                values[name]?.texts.append(text)
            } else {
                throw UsageError("option '--\(name)' is given twice")
            }
        }
    }

    /// The value of an option, or nil when it was not given.
    subscript<Value>(_ option: Option<Value>) -> Value? {
        guard let (texts, source) = values[option.name], let text = texts.last else { return nil }
        return try? option.value(text, from: source)
    }

    /// All values of a repeated option.
    func all<Value>(_ option: Option<Value>) -> [Value] {
        guard let (texts, source) = values[option.name] else { return [] }
        return texts.compactMap { try? option.value($0, from: source) }
    }

    /// Whether a switch is on.
    subscript(_ option: Switch) -> Bool { values[option.name]?.texts.last == "1" }

    /// Names the option that was most likely meant: a slip of the fingers away, or with the same beginning.
    private static func suggestion(for name: String, in declarations: [any OptionDeclaration]) -> String {
        guard name.utf8.count <= 64 else { return "" }
        let slips = declarations.map { ($0.name, editDistance($0.name, name)) }.filter { $0.1 <= 2 }
        let beginnings = declarations.map { ($0.name, zip($0.name, name).prefix { $0 == $1 }.count) }
            .filter { $0.1 >= 3 }
        guard let best = slips.min(by: { $0.1 < $1.1 }) ?? beginnings.max(by: { $0.1 < $1.1 }) else {
            return ""
        }
        return "; did you mean '--\(best.0)'?"
    }
}

extension Substring {
    fileprivate var trimmingSpaces: Substring {
        var text = self
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return text
    }
}
