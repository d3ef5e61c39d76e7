/// The elements of an array, in order. An element that cannot be read is not passed.
struct JSONUnkeyedContainer: UnkeyedDecodingContainer {
    private let elements: [JSON]
    private let path: JSONCodingPath?
    private(set) var currentIndex = 0

    var codingPath: [any CodingKey] { path?.keys ?? [] }
    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex >= elements.count }

    init(_ elements: [JSON], at path: JSONCodingPath?) {
        self.elements = elements
        self.path = path
    }

    mutating func decodeNil() throws -> Bool {
        guard try decoder().decodeNil() else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode<Value: JSONPrimitive>(_ type: Value.Type) throws -> Value {
        try next { try $0.decode(type) }
    }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try next { try $0.decode(type) }
    }

    mutating func nestedContainer<Key: CodingKey>(
        keyedBy type: Key.Type
    ) throws -> KeyedDecodingContainer<Key> {
        try next { try $0.container(keyedBy: type) }
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try next { try $0.unkeyedContainer() }
    }

    mutating func superDecoder() throws -> any Decoder { try next { $0 } }

    private mutating func next<Value>(_ read: (JSONValueDecoder) throws -> Value) throws -> Value {
        let value = try read(try decoder())
        currentIndex += 1
        return value
    }

    private func decoder() throws -> JSONValueDecoder {
        let place = JSONCodingPath(path, JSONKey(intValue: currentIndex))
        guard currentIndex < elements.count else {
            throw DecodingError.valueNotFound(
                JSON.self,
                DecodingError.Context(
                    codingPath: place.keys, debugDescription: "the array ends before it")
            )
        }
        return try JSONValueDecoder(elements[currentIndex], at: place)
    }
}
