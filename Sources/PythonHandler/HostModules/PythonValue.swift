public import RoostCore

/// A type that a host function can take from Python.
///
/// Conforming: `String` (`str`), `Int` (`int`), `Double` (`float`, given an int too), `Bool` (`bool`), arrays
/// (`list[…]`), dictionaries with text keys (`dict[str, …]`), optionals (`… | None`), ``JSON`` (anything), and enums with
/// `String` raw values that are `CaseIterable` (`str`). A type of your own names the Python type it is made of and
/// reads itself:
///
/// ```swift
/// extension Point: PythonValue {
///     static var pythonType: String { "list[float]" }
///     init?(python json: JSON) { … }
/// }
/// ```
public protocol PythonValue: Sendable {
    /// What Python calls it, such as `str` or `list[float]`: in signatures and in messages.
    static var pythonType: String { get }
    /// Reads what Python passed, as JSON; nil when it is of another type.
    init?(python json: JSON)
}

extension PythonValue where Self: ParameterValue {
    /// As a parameter of an endpoint reads it.
    public init?(python json: JSON) { self.init(json: json) }
}

extension String: PythonValue {
    /// `str`.
    public static var pythonType: String { "str" }
}

extension Int: PythonValue {
    /// `int`.
    public static var pythonType: String { "int" }
}

extension Double: PythonValue {
    /// `float`.
    public static var pythonType: String { "float" }
}

extension Bool: PythonValue {
    /// `bool`.
    public static var pythonType: String { "bool" }
}

extension JSON: PythonValue {
    /// `object`.
    public static var pythonType: String { "object" }
}

extension Array: PythonValue where Element: PythonValue {
    /// `list[…]`; a tuple will do as well.
    public static var pythonType: String { "list[\(Element.pythonType)]" }

    /// A JSON array of which every element fits.
    public init?(python json: JSON) {
        guard let elements = json.array else { return nil }
        var values: [Element] = []
        values.reserveCapacity(elements.count)
        for element in elements {
            guard let value = Element(python: element) else { return nil }
            values.append(value)
        }
        self = values
    }
}

extension Dictionary: PythonValue where Key == String, Value: PythonValue {
    /// `dict[str, …]`.
    public static var pythonType: String { "dict[str, \(Value.pythonType)]" }

    /// A JSON object of which every value fits; of a key that comes twice the last counts.
    public init?(python json: JSON) {
        guard let members = json.object?.members else { return nil }
        var values: [String: Value] = [:]
        for member in members {
            guard let value = Value(python: member.value) else { return nil }
            values[member.name] = value
        }
        self = values
    }
}

extension Optional: PythonValue where Wrapped: PythonValue {
    /// `… | None`.
    public static var pythonType: String { "\(Wrapped.pythonType) | None" }

    /// `null`, or what fits.
    public init?(python json: JSON) {
        if case .null = json {
            self = .none
            return
        }
        guard let value = Wrapped(python: json) else { return nil }
        self = .some(value)
    }
}

extension PythonValue where Self: RawRepresentable & CaseIterable, RawValue == String {
    /// `str`.
    public static var pythonType: String { "str" }

    /// A JSON string that is one of the raw values.
    public init?(python json: JSON) {
        guard let text = json.string else { return nil }
        self.init(rawValue: text)
    }
}

extension PythonValue where Self: ParameterValue & RawRepresentable & CaseIterable, RawValue == String {
    /// A JSON string that is one of the raw values.
    public init?(python json: JSON) { self.init(json: json) }
}
