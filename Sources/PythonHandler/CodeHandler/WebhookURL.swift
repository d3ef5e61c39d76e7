public import RoostCore

/// An absolute `http` or `https` URI (RFC 3986) with a host and without user information.
public struct WebhookURL: ParameterValue {
    /// As it was sent.
    public let text: String

    /// `an http or https URI`.
    public static var typeDescription: String { "an http or https URI" }
    /// `string`.
    public static var schemaType: String { "string" }

    /// A JSON string of that form.
    public init?(json: JSON) {
        guard let text = json.string else { return nil }
        self.init(text: text)
    }

    /// A text of that form.
    public init?(text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count <= 8192, let separator = text.firstRange(of: "://"), Self.isURI(bytes) else {
            return nil
        }
        let scheme = text[..<separator.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else { return nil }
        let authority = text[separator.upperBound...].utf8.prefix {
            $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#")
        }
        guard Self.isHostAndPort(Array(authority)) else { return nil }
        self.text = text
    }

    /// The characters of a URI (RFC 3986 §2), and a percent sign only before two hexadecimal digits.
    private static func isURI(_ bytes: [UInt8]) -> Bool {
        for (index, byte) in bytes.enumerated() {
            guard (0x21...0x7E).contains(byte), !#""<>\^`{|}"#.utf8.contains(byte) else { return false }
            if byte == UInt8(ascii: "%") {
                let digits = bytes[(index + 1)...].prefix(2)
                guard digits.count == 2, digits.allSatisfy(isHexDigit) else { return false }
            }
        }
        return true
    }

    private static func isHostAndPort(_ authority: [UInt8]) -> Bool {
        var host = authority[...]
        let end = authority.lastIndex(of: UInt8(ascii: "]"))
        let portStart = end.map { $0 + 1 } ?? authority.startIndex
        if let colon = authority[portStart...].lastIndex(of: UInt8(ascii: ":")) {
            let port = authority[(colon + 1)...]
            guard port.count <= 5, port.allSatisfy({ (0x30...0x39).contains($0) }),
                port.reduce(0, { $0 * 10 + Int($1 - 0x30) }) <= 65_535
            else { return false }
            host = authority[..<colon]
        } else if let end, end != authority.index(before: authority.endIndex) {
            return false
        }
        if end != nil {
            guard host.first == UInt8(ascii: "["), host.count > 2 else { return false }
            return host.dropFirst().dropLast().allSatisfy {
                isHexDigit($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".")
            }
        }
        return !host.isEmpty && !host.contains { ":@[".utf8.contains($0) }
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
        default: false
        }
    }
}
