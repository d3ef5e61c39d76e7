/// A decoder of one JSON value, which is its own container for single values.
struct JSONValueDecoder: Decoder, SingleValueDecodingContainer {
    /// Never ``JSON/text(_:)``.
    let value: JSON
    private let path: JSONCodingPath?

    var codingPath: [any CodingKey] { path?.keys ?? [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    /// A decoder of the value at that place; text is read first.
    ///
    /// - Throws: `DecodingError` when the text holds a number beyond `Double`.
    init(_ value: JSON, at path: JSONCodingPath?) throws {
        if case .text(let text) = value {
            guard let parsed = try? text.value else {
                throw JSONMismatch(expectation: "a value that can be read").error(JSON.self, at: path)
            }
            self.value = parsed
        } else {
            self.value = value
        }
        self.path = path
    }

    // MARK: Decoder

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard let object = value.object else {
            throw JSONMismatch(expectation: "an object").error(JSONObject.self, at: path)
        }
        return KeyedDecodingContainer(JSONKeyedContainer<Key>(object, at: path))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard let array = value.array else {
            throw JSONMismatch(expectation: "an array").error([JSON].self, at: path)
        }
        return JSONUnkeyedContainer(array, at: path)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

    // MARK: SingleValueDecodingContainer

    func decodeNil() -> Bool { value == .null }

    func decode<Value: JSONPrimitive>(_ type: Value.Type) throws -> Value {
        do throws(JSONMismatch) {
            return try Value.read(value)
        } catch {
            throw error.error(type, at: path)
        }
    }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        do {
            return try Value(from: self)
        } catch DecodingError.dataCorrupted(let context)
            where Value.self is any RawRepresentable.Type && context.underlyingError == nil
        {
            // The standard library's text names the Swift type; ours names the values.
            var allowed: [String]?
            if let cases = Value.self as? any CaseIterable.Type { allowed = Self.rawValues(cases) }
            let expectation = allowed.map { "one of " + $0.joined(separator: ", ") } ?? "a known value"
            throw JSONMismatch(expectation: expectation, allowed: allowed).error(type, at: path)
        }
    }

    /// The raw values of an enum, when they are strings or integers.
    private static func rawValues<Cases: CaseIterable>(_ type: Cases.Type) -> [String]? {
        var values: [String] = []
        for value in type.allCases {
            guard let raw = value as? any RawRepresentable else { return nil }
            switch raw.rawValue {
            case let string as String: values.append(string)
            case let integer as any BinaryInteger: values.append(integer.description)
            default: return nil
            }
        }
        return values
    }
}
