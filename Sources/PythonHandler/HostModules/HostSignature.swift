internal import RoostCore

/// The parameters of a host function without their static types: what Python is told of them, and how the arguments
/// of a call find their places.
struct HostSignature: Sendable {
    struct Argument: Sendable {
        var name: String
        var description: String
        var type: String
        var fallback: JSON?
        var isKeywordOnly: Bool

        // `JSON` has a nil literal of its own, so a comparison with `nil` would be ambiguous to the reader.
        var isRequired: Bool { if case .none = fallback { true } else { false } }
    }

    let function: String
    /// Those by keyword only come last, as in Python.
    let arguments: [Argument]

    /// What is wrong with the declaration, or nil.
    var problem: String? {
        var seen: Set<String> = []
        var hasDefault = false
        var isKeywordOnly = false
        for argument in arguments {
            guard PythonName.isIdentifier(argument.name[...]) else {
                return "'\(argument.name)' is no name for an argument"
            }
            guard seen.insert(argument.name).inserted else { return "two arguments '\(argument.name)'" }
            if isKeywordOnly, !argument.isKeywordOnly {
                return "'\(argument.name)' follows an argument that is by keyword only"
            }
            isKeywordOnly = argument.isKeywordOnly
            if hasDefault, argument.isRequired, !isKeywordOnly {
                return "'\(argument.name)' has no default and follows an argument that has one"
            }
            if !argument.isRequired { hasDefault = true }
        }
        return nil
    }

    /// The arguments of a call in the order of the declaration; nil for one that was left out.
    ///
    /// In a job the function has this signature for Python itself, which has then checked the same. A call that was
    /// made by `_call`, or by code that writes to the job's socket, has not been checked by anybody.
    ///
    /// - Throws: ``HostError`` of type `TypeError`, in the words of CPython.
    func bind(_ positional: [JSON], _ keywords: JSONObject) throws(HostError) -> [JSON?] {
        let places = arguments.count { !$0.isKeywordOnly }
        guard positional.count <= places else {
            let required = arguments.count { !$0.isKeywordOnly && $0.isRequired }
            let takes = required == places ? "\(places)" : "from \(required) to \(places)"
            throw .typeError(
                "\(function)() takes \(takes) positional argument\(places == 1 ? "" : "s") but \(positional.count) \(positional.count == 1 ? "was" : "were") given"
            )
        }
        var bound: [JSON?] = Array(repeating: .none, count: arguments.count)
        for (index, value) in positional.enumerated() { bound[index] = .some(value) }
        for (name, value) in keywords.members {
            guard let index = arguments.firstIndex(where: { $0.name == name }) else {
                throw .typeError("\(function)() got an unexpected keyword argument '\(name)'")
            }
            if case .some = bound[index] {
                throw .typeError("\(function)() got multiple values for argument '\(name)'")
            }
            bound[index] = value
        }
        for isKeywordOnly in [false, true] {
            let missing = arguments.indices.filter { index in
                guard case .none = bound[index] else { return false }
                return arguments[index].isRequired && arguments[index].isKeywordOnly == isKeywordOnly
            }
            guard !missing.isEmpty else { continue }
            let kind = isKeywordOnly ? "keyword-only" : "positional"
            let names = Self.list(missing.map { "'\(arguments[$0].name)'" })
            throw .typeError(
                "\(function)() missing \(missing.count) required \(kind) argument\(missing.count == 1 ? "" : "s"): \(names)"
            )
        }
        return bound
    }

    /// As CPython lists names: `'a'`, `'a' and 'b'`, `'a', 'b', and 'c'`.
    private static func list(_ names: [String]) -> String {
        switch names.count {
        case ...2: names.joined(separator: " and ")
        default: names.dropLast().joined(separator: ", ") + ", and " + (names.last ?? "")
        }
    }
}
