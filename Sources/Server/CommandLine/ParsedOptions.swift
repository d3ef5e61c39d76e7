/// The options and arguments of one command line and its environment, checked; a flag wins over the environment.
struct ParsedOptions: Sendable {
    /// What stood there without hyphens.
    private(set) var arguments: [String] = []
    private var values: [String: (texts: [String], source: String)] = [:]
    private var flags: Set<String> = []

    /// Reads flags of the forms `--name value` and `--name=value` and the arguments between them, then the environment.
    ///
    /// A single hyphen is an argument; after `--` everything is.
    ///
    /// - Throws: ``UsageError`` for an unknown flag, a missing, superfluous or invalid value, a repeated flag, or
    ///   fewer or more arguments than declared.
    init(
        _ words: some Sequence<String>, environment: [String: String], sections: [OptionSection],
        arguments expected: [Argument] = []
    ) throws(UsageError) {
        for section in sections where section.readsEnvironment {
            try read(environment, section.options)
        }
        let declarations = sections.flatMap(\.options)
        var rest = Array(words)[...]
        while let word = rest.popFirst() {
            if word == "--", !expected.isEmpty {
                arguments += rest
                break
            }
            if word.hasPrefix("--"), word.utf8.count > 2 {
                try readFlag(word, &rest, declarations)
            } else if word.hasPrefix("-"), word.utf8.count > 1, !expected.isEmpty {
                throw UsageError("unknown option '\(word)'; options begin with --")
            } else {
                arguments.append(word)
            }
        }
        try check(expected)
    }

    private mutating func read(
        _ environment: [String: String], _ declarations: [any OptionDeclaration]
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
    }

    private mutating func readFlag(
        _ word: String, _ rest: inout ArraySlice<String>, _ declarations: [any OptionDeclaration]
    ) throws(UsageError) {
        let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        guard let declaration = declarations.first(where: { $0.name == name }) else {
            let meant = Suggestion.closest(to: name, among: declarations.map(\.name))
            throw UsageError("unknown option '--\(name)'" + (meant.map { "; did you mean '--\($0)'?" } ?? ""))
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
        if flags.insert(name).inserted {
            values[name] = ([text], "option '--\(name)'")
        } else if declaration.repeats {
            values[name]?.texts.append(text)
        } else {
            throw UsageError("option '--\(name)' is given twice")
        }
    }

    private func check(_ expected: [Argument]) throws(UsageError) {
        guard expected.last?.count != .repeated || arguments.count < expected.count else { return }
        if arguments.count > expected.count {
            let extra = arguments[expected.count]
            throw UsageError(
                "unexpected argument '\(extra)'" + (expected.isEmpty ? "; options begin with --" : ""))
        }
        if arguments.count < expected.count, expected[arguments.count].count != .optional {
            let missing = expected[arguments.count]
            throw UsageError("\(missing.placeholder) is missing: \(missing.summary)")
        }
        for (argument, text) in zip(expected, arguments)
        where !argument.choices.isEmpty && !argument.choices.contains(text) {
            throw UsageError(
                "\(argument.placeholder) must be one of \(argument.choices.joined(separator: ", ")), not '\(text)'"
            )
        }
    }

    /// Whether the option stood on the command line itself, and not only in the environment.
    func isFlag(_ option: any OptionDeclaration) -> Bool { flags.contains(option.name) }

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
}

extension Substring {
    fileprivate var trimmingSpaces: Substring {
        var text = self
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return text
    }
}
