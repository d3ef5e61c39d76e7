/// A Swift value with one obvious JSON form.
public protocol JSONConvertible {
    /// The JSON form.
    var json: JSON { get }
}

extension String: JSONConvertible {
    /// A string.
    public var json: JSON { .string(self) }
}

extension Int: JSONConvertible {
    /// An integer.
    public var json: JSON { .int(self) }
}

extension Double: JSONConvertible {
    /// An integer when the number is a whole one, else a double.
    public var json: JSON { wholeNumber.map(JSON.int) ?? .double(self) }
}

extension Bool: JSONConvertible {
    /// A boolean.
    public var json: JSON { .bool(self) }
}

extension JSON: JSONConvertible {
    /// The value itself.
    public var json: JSON { self }
}

extension JSONConvertible where Self: RawRepresentable, RawValue == String {
    /// The raw value.
    public var json: JSON { .string(rawValue) }
}

extension Optional: JSONConvertible where Wrapped: JSONConvertible {
    /// `null` for nil.
    public var json: JSON { self?.json ?? .null }
}

extension Array: JSONConvertible where Element: JSONConvertible {
    /// An array of the elements' forms.
    public var json: JSON { .array(map(\.json)) }
}

extension Dictionary: JSONConvertible where Key == String, Value: JSONConvertible {
    /// An object whose members are sorted by name, so that equal dictionaries have equal forms.
    public var json: JSON {
        .object(JSONObject(members: sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value.json) }))
    }
}
