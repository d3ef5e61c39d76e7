package import RoostCore

/// The header fields of one attempt (https://github.com/standard-webhooks/standard-webhooks, spec 1.0.0).
package enum WebhookSignature {
    /// The `webhook-id` of a job: the same in every attempt, so that a receiver can tell that it has seen it.
    package static func id(of job: JobID) -> String { "msg_\(job)" }

    /// `webhook-id`, `webhook-timestamp`, and with secrets `webhook-signature`.
    ///
    /// - Parameters:
    ///   - id: See ``id(of:)``.
    ///   - body: What is sent.
    ///   - time: Of this attempt, so that a receiver can refuse what somebody else sends again later.
    ///   - secrets: Each makes one signature.
    /// - Returns: Names and values.
    package static func fields(
        id: String, body: [UInt8], at time: Timestamp, secrets: [WebhookSecret]
    ) -> [(name: String, value: String)] {
        let seconds = time.milliseconds / 1000
        var fields = [("webhook-id", id), ("webhook-timestamp", String(seconds))]
        if !secrets.isEmpty {
            let signatures = secrets.map { sign(id: id, seconds: seconds, body: body, secret: $0) }
            fields.append(("webhook-signature", signatures.joined(separator: " ")))
        }
        return fields.map { (name: $0.0, value: $0.1) }
    }

    /// `v1,` and the Base64 of the HMAC-SHA256 of `id.seconds.body`.
    package static func sign(id: String, seconds: Int64, body: [UInt8], secret: WebhookSecret) -> String {
        "v1," + Base64.encode(hmac(key: secret.key, Array("\(id).\(seconds).".utf8) + body))
    }

    /// HMAC-SHA256 (RFC 2104).
    package static func hmac(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        var block = key.count > 64 ? SHA256.digest(key) : key
        block += [UInt8](repeating: 0, count: 64 - block.count)
        let inner = SHA256.digest(block.map { $0 ^ 0x36 } + message)
        return SHA256.digest(block.map { $0 ^ 0x5C } + inner)
    }
}
