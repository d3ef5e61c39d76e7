/// A key that receivers check signatures with.
package struct WebhookSecret: Sendable, Equatable {
    let key: [UInt8]

    /// Reads `whsec_` and the Base64 of 24 to 64 random bytes (Standard Webhooks, "Signature scheme").
    ///
    /// - Returns: Nil for anything else.
    package init?(_ text: some StringProtocol) {
        guard text.hasPrefix("whsec_"), let key = Base64.decode(text.dropFirst("whsec_".count)),
            (24...64).contains(key.count)
        else { return nil }
        self.key = key
    }

    /// Reads a file's text: one secret a line, empty lines and lines that begin with `#` left out.
    ///
    /// Several are for rotation: each signs, and a receiver takes whichever it knows.
    ///
    /// - Returns: The secrets, or the number of the first line that is none.
    package static func list(_ text: String) -> Result<[WebhookSecret], MalformedLine> {
        var secrets: [WebhookSecret] = []
        // A carriage return with a line feed is one character, and a new line.
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            let line = line.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            guard let secret = WebhookSecret(line) else { return .failure(MalformedLine(number: index + 1)) }
            secrets.append(secret)
        }
        return .success(secrets)
    }

    /// A line that holds no secret; says which and not what.
    package struct MalformedLine: Error, Equatable {
        package let number: Int
    }
}
