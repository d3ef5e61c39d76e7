public import RoostCore

/// One parameter of a ``HostFunction``, declared once.
///
/// From it come the parameter in the signature that Python shows, its line in the docstring, the check of what is
/// passed, and the typed value that the function's body gets.
///
/// ```swift
/// HostArgument<String>("name", "What the object is called")
/// HostArgument("count", "How many", in: 1...100, default: 1)
/// HostArgument<String?>("tag", "Only objects with this tag", default: nil, keywordOnly: true)
/// ```
/// A value of another type is a `TypeError` in Python, one out of bounds (or none of an enum's) a `ValueError`.
public struct HostArgument<Value: PythonValue>: Sendable {
    /// A Python identifier.
    public let name: String
    /// For people; a sentence without a full stop.
    public let description: String
    let fallback: (value: Value, json: JSON)?
    let isKeywordOnly: Bool
    private let bounds: (@Sendable (Value) -> Bool)?
    private let expectation: String

    private init(
        _ name: String, _ description: String, _ fallback: (value: Value, json: JSON)?, _ isKeywordOnly: Bool,
        _ bounds: (@Sendable (Value) -> Bool)?, _ expectation: String
    ) {
        self.name = name
        self.description = description
        self.fallback = fallback
        self.isKeywordOnly = isKeywordOnly
        self.bounds = bounds
        self.expectation = expectation
    }

    /// An argument that every call has to give.
    ///
    /// - Parameters:
    ///   - name: A Python identifier.
    ///   - description: For people.
    ///   - keywordOnly: True to refuse it without its name.
    public init(_ name: String, _ description: String, keywordOnly: Bool = false) {
        self.init(name, description, nil, keywordOnly, nil, "")
    }

    /// What the signature needs to know.
    var declaration: HostSignature.Argument {
        HostSignature.Argument(
            name: name, description: description, type: Value.pythonType, fallback: fallback?.json,
            isKeywordOnly: isKeywordOnly)
    }

    /// The value for the body.
    ///
    /// - Parameters:
    ///   - json: What was passed; nil for nothing.
    ///   - function: For the message.
    /// - Returns: What was passed, or the default.
    /// - Throws: ``HostError`` of type `TypeError` or `ValueError`.
    func value(_ json: JSON?, of function: String) throws(HostError) -> Value {
        guard let json else {
            if let fallback { return fallback.value }
            throw .typeError("\(function)() missing required argument: '\(name)'")
        }
        guard let value = Value(python: json) else {
            if let text = json.string, let allowed = Self.allowedValues {
                let list = allowed.map { "'\($0)'" }.joined(separator: ", ")
                throw .valueError("\(function)() argument '\(name)' must be one of \(list), not '\(text)'")
            }
            throw .typeError(
                "\(function)() argument '\(name)' must be \(Value.pythonType), not \(json.pythonType)")
        }
        guard bounds?(value) ?? true else {
            throw .valueError("\(function)() argument '\(name)' must be \(expectation), not \(value)")
        }
        return value
    }

    private static var allowedValues: [String]? {
        func names<Cases: CaseIterable>(_ type: Cases.Type) -> [String]? {
            let names = type.allCases.compactMap { ($0 as? any RawRepresentable)?.rawValue as? String }
            return names.isEmpty ? nil : names
        }
        guard let type = Value.self as? any CaseIterable.Type else { return nil }
        return names(type)
    }
}

extension HostArgument where Value: JSONConvertible {
    /// An argument that may be left out.
    ///
    /// - Parameters:
    ///   - name: A Python identifier.
    ///   - description: For people.
    ///   - fallback: Its value then; shown in the signature.
    ///   - keywordOnly: True to refuse it without its name.
    public init(_ name: String, _ description: String, default fallback: Value, keywordOnly: Bool = false) {
        self.init(name, description, (fallback, fallback.json), keywordOnly, nil, "")
    }
}

extension HostArgument where Value: Comparable & JSONConvertible {
    /// An argument whose value lies in a closed range.
    ///
    /// - Parameters:
    ///   - name: A Python identifier.
    ///   - description: For people.
    ///   - range: What is allowed; anything else is a `ValueError`.
    ///   - fallback: Its value when it is left out; nil when it must not be.
    ///   - keywordOnly: True to refuse it without its name.
    public init(
        _ name: String, _ description: String, in range: ClosedRange<Value>, default fallback: Value? = nil,
        keywordOnly: Bool = false
    ) {
        self.init(
            name, description, fallback.map { ($0, $0.json) }, keywordOnly, { range.contains($0) },
            "from \(range.lowerBound) to \(range.upperBound)")
    }

    /// An argument whose value has a lower bound only.
    ///
    /// - Parameters:
    ///   - name: A Python identifier.
    ///   - description: For people.
    ///   - range: What is allowed; anything else is a `ValueError`.
    ///   - fallback: Its value when it is left out; nil when it must not be.
    ///   - keywordOnly: True to refuse it without its name.
    public init(
        _ name: String, _ description: String, in range: PartialRangeFrom<Value>,
        default fallback: Value? = nil, keywordOnly: Bool = false
    ) {
        self.init(
            name, description, fallback.map { ($0, $0.json) }, keywordOnly, { range.contains($0) },
            "at least \(range.lowerBound)")
    }
}

extension JSON {
    /// What Python calls the type of this value; of a list, also what is in it.
    fileprivate var pythonType: String {
        switch self {
        case .null: return "None"
        case .bool: return "bool"
        case .int: return "int"
        case .double: return "float"
        case .string, .unpairedString: return "str"
        case .object, .text: return "dict"
        case .array(let elements):
            let kinds = Set(
                elements.map { element in
                    if case .array = element { return "list" }
                    return element.pythonType
                })
            return kinds.isEmpty ? "list" : "list[\(kinds.sorted().joined(separator: " | "))]"
        }
    }
}
