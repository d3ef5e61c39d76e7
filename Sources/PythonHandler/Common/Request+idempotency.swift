internal import RoostCore

/// The value of `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): 1 to 255 visible ASCII characters, in
/// quotes or not; the quotes count.
struct SentIdempotencyKey: ParameterValue {
    let text: String

    static var typeDescription: String { "1 to 255 visible ASCII characters" }
    static var schemaType: String { "string" }

    init?(text: String) {
        guard (1...255).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return nil
        }
        self.text = text
    }

    init?(json: JSON) {
        guard let text = json.string else { return nil }
        self.init(text: text)
    }

    /// The same on every endpoint that runs code.
    static let parameter = HeaderParameter<SentIdempotencyKey>(
        "Idempotency-Key",
        "A name for this request: sent again within 24 hours it is answered and not run again")
}

extension Request {
    /// The key of this request, with a digest of its target and body; nil when it has none.
    var idempotencyKey: IdempotencyKey? {
        guard let key = self[ifPresent: SentIdempotencyKey.parameter]?.text else { return nil }
        let query = query.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        return IdempotencyKey(
            client: clientID ?? "", key: key,
            fingerprint: SHA256.digest(Array("\(route)?\(query)\n".utf8) + body))
    }
}

extension Response {
    /// Says that this answer is that of an earlier request.
    func replayed() -> Response {
        var response = self
        response.fields.append("Idempotent-Replayed", "true")
        return response
    }
}
