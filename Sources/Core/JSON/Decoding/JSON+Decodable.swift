/// A `Decodable` type can have a member of any JSON.
extension JSON: Decodable {
    /// Takes the value as it is from ``JSON/decode(_:)``; from other decoders the order of members is lost.
    ///
    /// - Throws: `DecodingError` when another decoder holds something that is no JSON.
    public init(from decoder: any Decoder) throws {
        if let decoder = decoder as? JSONValueDecoder {
            self = decoder.value
            return
        }
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let bool = try? container.decode(Bool.self) {
            self = .bool(bool)
        } else if let int = try? container.decode(Int.self) {
            self = .int(int)
        } else if let double = try? container.decode(Double.self) {
            self = .double(double)
        } else if let string = try? container.decode(String.self) {
            self = .string(string)
        } else if let array = try? container.decode([JSON].self) {
            self = .array(array)
        } else {
            let members = try container.decode([String: JSON].self)
            self = .object(JSONObject(members: members.map { (name: $0.key, value: $0.value) }))
        }
    }
}
