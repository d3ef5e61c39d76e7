internal import RoostCore
internal import RoostPythonWire

extension HostModule {
    /// What `roost_hosts.py` makes the module of.
    var wireForm: JSON {
        [
            "name": .string(name), "doc": .string(summary), "prelude": .string(prelude),
            "functions": .array(functions.map(\.wireForm)),
        ]
    }
}

extension HostFunction {
    fileprivate var wireForm: JSON {
        var object: JSONObject = [
            "name": .string(name), "doc": .string(docstring),
            "parameters": .array(signature.arguments.map(\.wireForm)),
        ]
        object["returns"] = returns.map(JSON.string)
        switch kind {
        case .call: break
        case .log(let level): object["level"] = .int(Int(RunnerLogLevel(level).rawValue))
        case .constant(let value): object["value"] = value
        }
        return .object(object)
    }

    /// The summary, then a line for each argument.
    private var docstring: String {
        guard !signature.arguments.isEmpty else { return summary }
        let lines = signature.arguments.map { "    \($0.name): \($0.description)" }
        return (["\(summary)", "", "Args:"] + lines).joined(separator: "\n")
    }
}

extension HostSignature.Argument {
    fileprivate var wireForm: JSON {
        var object: JSONObject = ["name": .string(name), "type": .string(type)]
        object["default"] = fallback
        if isKeywordOnly { object["keyword_only"] = true }
        return .object(object)
    }
}
