import RoostCore

/// One response, as it came.
struct HTTPAnswer: Sendable {
    var version: String
    var status: Int
    var fields: [(name: String, value: String)]
    var body: [UInt8]
    /// From the first byte sent to the last one received.
    var time: Duration = .zero

    /// The only field of that name; nil when there is none or more than one.
    subscript(field name: String) -> String? {
        let found = fields.filter { $0.name.lowercased() == name.lowercased() }
        return found.count == 1 ? found[0].value : nil
    }

    /// The body as JSON, or nil where it is none.
    var json: JSON? { try? JSONParser.parse(body, maximumDepth: 256) }

    subscript(name: String) -> JSON? { json?[name] }

    var text: String { String(decoding: body, as: UTF8.self) }
}
