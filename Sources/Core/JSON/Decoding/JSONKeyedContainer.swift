/// The members of an object.
struct JSONKeyedContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    private let members: JSONMemberIndex
    private let path: JSONCodingPath?

    var codingPath: [any CodingKey] { path?.keys ?? [] }
    var allKeys: [Key] { members.names.compactMap(Key.init(stringValue:)) }

    init(_ object: JSONObject, at path: JSONCodingPath?) {
        members = JSONMemberIndex(object)
        self.path = path
    }

    func contains(_ key: Key) -> Bool { members[key.stringValue] != nil }

    func decodeNil(forKey key: Key) throws -> Bool { try decoder(key).decodeNil() }

    func decode<Value: JSONPrimitive>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try decoder(key).decode(type)
    }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try decoder(key).decode(type)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try decoder(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try decoder(key).unkeyedContainer()
    }

    /// The member `super`, or null where there is none.
    func superDecoder() throws -> any Decoder {
        let key = JSONKey(stringValue: "super")
        return try JSONValueDecoder(members[key.stringValue] ?? .null, at: JSONCodingPath(path, key))
    }

    func superDecoder(forKey key: Key) throws -> any Decoder { try decoder(key) }

    private func decoder(_ key: Key) throws -> JSONValueDecoder {
        guard let value = members[key.stringValue] else {
            throw DecodingError.keyNotFound(
                key, DecodingError.Context(codingPath: codingPath, debugDescription: "no such member"))
        }
        return try JSONValueDecoder(value, at: JSONCodingPath(path, key))
    }
}
