/// A JSON value (RFC 8259).
///
/// Integers that fit `Int` are kept exactly; other numbers are `Double`. Objects keep the order of their members.
public enum JSON: Sendable, Equatable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number without fraction and exponent that fits 64 bits.
    case int(Int)
    /// Any other number. One too large for `Double` reads as infinite; a value that is not finite is written as `null`.
    case double(Double)
    /// A string of Unicode scalar values.
    case string(String)
    /// A string with surrogates that pair with nothing, as WTF-8; JSON's grammar allows it, `String` cannot hold it.
    case unpairedString([UInt8])
    /// `[…]`.
    case array([JSON])
    /// `{…}`.
    case object(JSONObject)
    /// A value that is already text, passed through as it is.
    case text(JSONText)

    /// The object's members, or nil for any other value.
    public var object: JSONObject? { if case .object(let object) = self { object } else { nil } }
    /// The elements, or nil for any other value.
    public var array: [JSON]? { if case .array(let array) = self { array } else { nil } }
    /// The string, or nil for any other value.
    public var string: String? { if case .string(let string) = self { string } else { nil } }
    /// The boolean, or nil for any other value.
    public var bool: Bool? { if case .bool(let bool) = self { bool } else { nil } }
    /// The integer, also when written as `10.0`; nil for any other value.
    public var int: Int? {
        switch self {
        case .int(let value): value
        case .double(let value): value.wholeNumber
        default: nil
        }
    }
    /// The number, or nil for any other value.
    public var double: Double? {
        switch self {
        case .int(let value): Double(value)
        case .double(let value): value
        default: nil
        }
    }
    /// The member of that name, or nil where this is no object or has none.
    public subscript(_ name: String) -> JSON? { object?[name] }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByFloatLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    /// A string.
    public init(stringLiteral value: String) { self = .string(value) }
    /// An integer.
    public init(integerLiteral value: Int) { self = .int(value) }
    /// A boolean.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// A double.
    public init(floatLiteral value: Double) { self = .double(value) }
    /// `null`.
    public init(nilLiteral: ()) { self = .null }
    /// An array.
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }
    /// An object with the members in the order written.
    public init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(JSONObject(members: elements.map { (name: $0.0, value: $0.1) }))
    }
}
