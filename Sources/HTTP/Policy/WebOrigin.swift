/// An origin as browsers send it (RFC 6454 §6.2): scheme, host and port, and nothing behind.
struct WebOrigin: Hashable, Sendable {
    let scheme: String
    let host: String
    let port: Int

    /// Reads `scheme://host[:port]`; nil for anything else, so for `null` too.
    init?(_ text: String) {
        guard let separator = text.firstRange(of: "://"),
            let authority = HostAndPort(String(text[separator.upperBound...]))
        else { return nil }
        scheme = text[..<separator.lowerBound].lowercased()
        guard !scheme.isEmpty, scheme.utf8.allSatisfy({ ByteClass.isToken($0) }) else { return nil }
        host = authority.host
        port = authority.port ?? (scheme == "https" ? 443 : 80)
    }
}
