internal import RoostCore

/// What `roost-webhooks` answers: 4 bytes length (big-endian), then JSON.
package struct SenderReply: Sendable, Equatable {
    /// Longer ones are a mistake: nothing in an answer is long.
    package static let maximumBytes = 65_536

    /// The request's.
    package var number: Int
    /// What came of it.
    package var result: WebhookResult

    /// Puts a reply together.
    package init(number: Int, result: WebhookResult) {
        self.number = number
        self.result = result
    }

    /// As it is sent.
    package var encoded: [UInt8] {
        var object: JSONObject = ["number": .int(number)]
        switch result {
        case .answered(let status, let retryAfter):
            object["status"] = .int(status)
            object["retry_after"] = (retryAfter.map { String($0.prefix(100)) }).map(JSON.string)
        case .failed(let cause): object["failed"] = .string(String(cause.prefix(500)))
        case .refused(let cause): object["refused"] = .string(String(cause.prefix(500)))
        }
        let bytes = JSON.object(object).serialized()
        return Self.bytes(of: bytes.count) + bytes
    }

    /// Reads what follows the length.
    ///
    /// - Returns: Nil for what `roost-webhooks` does not send.
    package init?(_ bytes: some Collection<UInt8>) {
        guard let object = (try? JSONParser.parse(Array(bytes)))?.object, let number = object["number"]?.int
        else { return nil }
        self.number = number
        if let status = object["status"]?.int {
            result = .answered(status: status, retryAfter: object["retry_after"]?.string)
        } else if let cause = object["failed"]?.string {
            result = .failed(cause)
        } else if let cause = object["refused"]?.string {
            result = .refused(cause)
        } else {
            return nil
        }
    }

    /// Takes the first reply off what has arrived.
    ///
    /// - Returns: Nil when it has not all arrived.
    /// - Throws: ``Malformed``.
    package static func take(from buffer: inout [UInt8]) throws(Malformed) -> SenderReply? {
        guard let count = length(buffer[...]) else { return nil }
        guard count <= maximumBytes else { throw Malformed() }
        guard buffer.count >= 4 + count else { return nil }
        guard let reply = SenderReply(buffer[4..<4 + count]) else { throw Malformed() }
        buffer.removeFirst(4 + count)
        return reply
    }

    /// What is no reply.
    package struct Malformed: Error {}

    /// Four bytes, big-endian; a count beyond them cannot be sent.
    package static func bytes(of count: Int) -> [UInt8] {
        let value = UInt32(clamping: count)
        return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> UInt32($0)) }
    }

    /// What four bytes say; nil when there are fewer.
    package static func length(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.count >= 4 else { return nil }
        return bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
    }
}
