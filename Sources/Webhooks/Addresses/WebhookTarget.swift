package import RoostCore

/// Where a webhook goes: an `http` or `https` URL taken apart as far as its safety needs.
///
/// Strict: what is written in an unusual way is refused, so that nobody who reads it later can read anything else. This
/// is for the answer to the client; what counts is the check of every connection.
package struct WebhookTarget: Sendable, Equatable {
    /// Longest URL, in bytes.
    package static let maximumBytes = 8192

    /// What the host part names.
    package enum Host: Sendable, Equatable {
        case name(String)
        case address(IPAddress)
    }

    /// The host.
    package let host: Host
    /// The port, 80 or 443 when the URL names none.
    package let port: UInt16
    /// The URL with a lower-case scheme and host, numeric addresses in their usual form, and no fragment.
    package let url: String

    /// `host:port/path`, for taking turns: many receivers, each of somebody else, may share a host.
    package let receiver: String

    private static func text(_ host: Host) -> String {
        switch host {
        case .name(let name): name
        case .address(.v4(let value)): IPAddress.v4(value).description
        case .address(let address): "[\(address)]"
        }
    }

    /// Takes a URL apart.
    ///
    /// - Throws: ``WebhookRefusal`` for anything but an absolute `http` or `https` URL with a host, without user
    ///   information, in the characters of RFC 3986.
    package init(_ text: String) throws(WebhookRefusal) {
        guard text.utf8.count <= Self.maximumBytes else {
            throw WebhookRefusal("the URL is longer than \(Self.maximumBytes) bytes")
        }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !#""<>\^`{|}"#.utf8.contains($0) }) else {
            throw WebhookRefusal("the URL has characters that must be percent-encoded")
        }
        guard let separator = text.firstRange(of: "://") else { throw Self.noURL }
        let scheme = text[..<separator.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else { throw Self.noURL }
        var rest = text[separator.upperBound...]
        if let fragment = rest.firstIndex(of: "#") { rest = rest[..<fragment] }
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let authority = rest[..<end]
        let isDefault: Bool
        (host, port, isDefault) = try Self.authority(authority, defaultPort: scheme == "http" ? 80 : 443)
        let tail = rest[end...]
        let path = tail.hasPrefix("/") ? String(tail) : "/" + tail
        receiver = "\(Self.text(host)):\(port)\(path.prefix { $0 != "?" })"
        url = "\(scheme)://\(Self.text(host))\(isDefault ? "" : ":\(port)")\(path)"
    }

    private static let noURL = WebhookRefusal("it is no absolute http or https URL")

    private static func authority(_ text: Substring, defaultPort: UInt16)
        throws(WebhookRefusal) -> (Host, UInt16, isDefault: Bool)
    {
        guard !text.contains("@") else { throw WebhookRefusal("the URL has user information") }
        let host: Host
        var rest: Substring
        if text.hasPrefix("[") {
            guard let close = text.firstIndex(of: "]"),
                let address = IPAddress(v6: String(text[text.index(after: text.startIndex)..<close]))
            else { throw WebhookRefusal("the URL has a malformed IPv6 address") }
            host = .address(address)
            rest = text[text.index(after: close)...]
        } else {
            let colon = text.firstIndex(of: ":") ?? text.endIndex
            host = try self.host(text[..<colon].lowercased())
            rest = text[colon...]
        }
        guard !rest.isEmpty else { return (host, defaultPort, true) }
        guard rest.removeFirst() == ":", rest.utf8.count <= 5,
            rest.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { throw WebhookRefusal("the URL has a malformed host or port") }
        if rest.isEmpty { return (host, defaultPort, true) }
        guard let port = UInt16(rest), port > 0 else { throw WebhookRefusal("the URL has a malformed port") }
        return (host, port, port == defaultPort)
    }

    private static func host(_ text: String) throws(WebhookRefusal) -> Host {
        let malformed = WebhookRefusal("the URL has a malformed host")
        let name = text.hasSuffix(".") ? String(text.dropLast()) : text
        guard !name.isEmpty, name.utf8.count <= 253 else { throw malformed }
        for label in name.split(separator: ".", omittingEmptySubsequences: false) {
            guard (1...63).contains(label.utf8.count), label.utf8.allSatisfy(isHostByte) else {
                throw malformed
            }
        }
        do {
            return try IPAddress.v4(anyForm: name).map(Host.address) ?? .name(name)
        } catch { throw WebhookRefusal("the URL has a malformed IPv4 address") }
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x61...0x7A, 0x30...0x39, 0x2D, 0x5F: true
        default: false
        }
    }

    /// Why a webhook may not go there, as far as the URL alone tells; nil when it may, or when its name must be looked
    /// up first.
    package var refusal: WebhookRefusal? {
        switch host {
        case .address(let address):
            AddressPolicy.refusal(of: address).map { WebhookRefusal("\(address) is \($0)") }
        case .name(let name):
            // RFC 6761 §6.3: whatever a resolver says.
            name == "localhost" || name.hasSuffix(".localhost")
                ? WebhookRefusal("\(name) is a loopback name") : nil
        }
    }
}
