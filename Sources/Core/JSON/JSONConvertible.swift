/// A Swift value with one obvious JSON form.
public protocol JSONConvertible {
    /// The JSON form.
    var json: JSON { get }
}

extension String: JSONConvertible {
    public var json: JSON { .string(self) }
}

extension Int: JSONConvertible {
    public var json: JSON { .int(self) }
}

extension Double: JSONConvertible {
    public var json: JSON { wholeNumber.map(JSON.int) ?? .double(self) }
}

extension Bool: JSONConvertible {
    public var json: JSON { .bool(self) }
}

extension JSON: JSONConvertible {
    public var json: JSON { self }
}

extension JSONConvertible where Self: RawRepresentable, RawValue == String {
    public var json: JSON { .string(rawValue) }
}

extension Optional: JSONConvertible where Wrapped: JSONConvertible {
    public var json: JSON { self?.json ?? .null }
}

extension Array: JSONConvertible where Element: JSONConvertible {
    public var json: JSON { .array(map(\.json)) }
}
