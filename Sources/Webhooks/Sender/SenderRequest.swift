internal import RoostCore

/// What the server asks of `roost-webhooks`: 4 bytes length of the head, 4 bytes length of the body (both big-endian),
/// the head as JSON, the body.
package struct SenderRequest: Sendable, Equatable {
    /// Bytes of the two lengths.
    package static let prefixBytes = 8

    /// Names the request in its answer.
    package var number: Int
    /// Where to.
    package var url: String
    /// Field names and values.
    package var fields: [[String]]
    /// For everything together.
    package var timeoutMilliseconds: Int
    /// What is posted.
    package var body: [UInt8]

    /// Puts a request together.
    package init(number: Int, url: String, fields: [[String]], timeoutMilliseconds: Int, body: [UInt8]) {
        self.number = number
        self.url = url
        self.fields = fields
        self.timeoutMilliseconds = timeoutMilliseconds
        self.body = body
    }

    /// All of it but the body, which follows as it is.
    package var encodedHead: [UInt8] {
        let head = JSON.object([
            "number": .int(number), "url": .string(url), "timeout_ms": .int(timeoutMilliseconds),
            "fields": .array(fields.map { .array($0.map { .string($0) }) }),
        ]).serialized()
        return SenderReply.bytes(of: head.count) + SenderReply.bytes(of: body.count) + head
    }

    /// Reads the head; the body is set by whoever reads it.
    ///
    /// - Returns: Nil for what a server does not send.
    package init?(head: [UInt8], body: [UInt8]) {
        guard let object = (try? JSONParser.parse(head))?.object, let number = object["number"]?.int,
            let url = object["url"]?.string, let timeout = object["timeout_ms"]?.int,
            let fields = object["fields"]?.array
        else { return nil }
        let pairs = fields.compactMap { $0.array?.compactMap(\.string) }
        guard pairs.count == fields.count, pairs.allSatisfy({ $0.count == 2 }) else { return nil }
        self.init(number: number, url: url, fields: pairs, timeoutMilliseconds: timeout, body: body)
    }
}
