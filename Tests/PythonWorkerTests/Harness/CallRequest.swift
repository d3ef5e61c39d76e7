import Foundation

/// The JSON of a `call` frame; arguments are kept as JSON text with sorted keys.
struct CallRequest: Equatable {
    let id: Int
    let function: String
    let arguments: String
    let keywords: String

    init(json: [UInt8]) throws {
        guard let object = try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any],
            let id = object["id"] as? Int, let function = object["function"] as? String,
            let arguments = object["args"], let keywords = object["kwargs"]
        else { throw HarnessError("a call without its members: \(String(decoding: json, as: UTF8.self))") }
        self.id = id
        self.function = function
        self.arguments = try Self.text(arguments)
        self.keywords = try Self.text(keywords)
    }

    private static func text(_ value: Any) throws -> String {
        String(
            decoding: try JSONSerialization.data(withJSONObject: value, options: .sortedKeys), as: UTF8.self)
    }
}
