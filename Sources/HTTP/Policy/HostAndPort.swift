/// A host with its port, taken apart and made comparable.
struct HostAndPort: Hashable, Sendable {
    /// In lower case, without a final dot; an IPv6 address in brackets and in its usual short form.
    let host: String
    /// The port, if one is named.
    let port: Int?

    /// Reads `host [":" port]`; nil when it is neither a name nor an address.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard Authority.isValid(bytes, bytes.indices) else { return nil }
        var name = text[...]
        var port: Int?
        if let colon = name.lastIndex(of: ":"), name.last != "]" {
            port = Int(name[name.index(after: colon)...])
            name = name[..<colon]
        }
        self.port = port
        if name.hasPrefix("[") {
            guard let address = SocketAddress(String(name), port: 0) else { return nil }
            host = "[\(address.text)]"
        } else {
            host = (name.hasSuffix(".") ? name.dropLast() : name).lowercased()
        }
    }

    /// The host as an address; nil for a name.
    var address: SocketAddress? { SocketAddress(host, port: 0) }
}
