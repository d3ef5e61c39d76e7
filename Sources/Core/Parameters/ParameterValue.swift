/// A type that a parameter can have: how it is read from JSON and from text, and how it is called in messages.
///
/// Enums with `String` raw values and `CaseIterable` conform without writing anything.
public protocol ParameterValue: Sendable {
    /// With its article, as in "must be an integer".
    static var typeDescription: String { get }
    /// The JSON Schema type name: `string`, `integer`, `number`, `boolean`, `array`, `object`.
    static var schemaType: String { get }
    /// The values there are, when they can be listed.
    static var allowedValues: [String]? { get }
    /// Reads a member of the body; nil when it is of another type.
    init?(json: JSON)
    /// Reads a query, path or header value, percent-decoded; nil when it does not have the form.
    init?(text: String)
}

extension ParameterValue {
    /// None: most types have too many values to list.
    public static var allowedValues: [String]? { nil }
}

extension String: ParameterValue {
    /// `a string`.
    public static var typeDescription: String { "a string" }
    /// `string`.
    public static var schemaType: String { "string" }
    /// A JSON string.
    public init?(json: JSON) {
        guard let string = json.string else { return nil }
        self = string
    }
    /// Any text.
    public init?(text: String) { self = text }
}

extension Int: ParameterValue {
    /// `an integer`.
    public static var typeDescription: String { "an integer" }
    /// `integer`.
    public static var schemaType: String { "integer" }
    /// A JSON number without a fraction that fits; `10.0` is one.
    public init?(json: JSON) {
        guard let int = json.int else { return nil }
        self = int
    }
    /// Digits with an optional minus; no plus, no space.
    public init?(text: String) {
        guard text.utf8.first != 0x2B, let int = Int(text) else { return nil }
        self = int
    }
}

extension Double: ParameterValue {
    /// `a number`.
    public static var typeDescription: String { "a number" }
    /// `number`.
    public static var schemaType: String { "number" }
    /// Any JSON number.
    public init?(json: JSON) {
        guard let double = json.double else { return nil }
        self = double
    }
    /// A JSON number: no plus, no hexadecimal, no `inf` or `nan`.
    public init?(text: String) {
        guard let value = try? JSONParser.parse(Array(text.utf8)), let double = value.double else {
            return nil
        }
        self = double
    }
}

extension Bool: ParameterValue {
    /// `a boolean`.
    public static var typeDescription: String { "a boolean" }
    /// `boolean`.
    public static var schemaType: String { "boolean" }
    /// `true` or `false`.
    public init?(json: JSON) {
        guard let bool = json.bool else { return nil }
        self = bool
    }
    /// `true` or `false`, also `1` or `0`.
    public init?(text: String) {
        switch text {
        case "true", "1": self = true
        case "false", "0": self = false
        default: return nil
        }
    }
}

extension JSON: ParameterValue {
    /// `a JSON value`.
    public static var typeDescription: String { "a JSON value" }
    /// `object`.
    public static var schemaType: String { "object" }
    /// Any value.
    public init?(json: JSON) { self = json }
    /// Strict JSON.
    public init?(text: String) {
        guard let value = try? JSONParser.parse(Array(text.utf8)) else { return nil }
        self = value
    }
}

extension Array: ParameterValue where Element: ParameterValue {
    /// `an array`.
    public static var typeDescription: String { "an array" }
    /// `array`.
    public static var schemaType: String { "array" }
    /// A JSON array of which every element fits.
    public init?(json: JSON) {
        guard let elements = json.array else { return nil }
        var values: [Element] = []
        values.reserveCapacity(elements.count)
        for element in elements {
            guard let value = Element(json: element) else { return nil }
            values.append(value)
        }
        self = values
    }
    /// Comma-separated.
    public init?(text: String) {
        var values: [Element] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let value = Element(text: String(part)) else { return nil }
            values.append(value)
        }
        self = values
    }
}

extension ParameterValue where Self: RawRepresentable & CaseIterable, RawValue == String {
    /// `one of ` and the raw values.
    public static var typeDescription: String { "one of " + allCases.map(\.rawValue).joined(separator: ", ") }
    /// `string`.
    public static var schemaType: String { "string" }
    /// The raw values in order of declaration.
    public static var allowedValues: [String]? { allCases.map(\.rawValue) }
    /// A JSON string that is one of the raw values.
    public init?(json: JSON) {
        guard let string = json.string else { return nil }
        self.init(rawValue: string)
    }
    /// One of the raw values.
    public init?(text: String) { self.init(rawValue: text) }
}
