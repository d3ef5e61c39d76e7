/// Host and port as they stand in `Host` and in an absolute target (RFC 3986 §3.2, without user information).
enum Authority {
    /// Whether `range` of `bytes` is `host [":" port]` with a host that is not empty.
    static func isValid(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        var index = range.lowerBound
        if index < range.upperBound, bytes[index] == 0x5B {
            // IP literal: only IPv6 addresses exist.
            index += 1
            let start = index
            while index < range.upperBound, isInLiteral(bytes[index]) { index += 1 }
            guard index > start, index < range.upperBound, bytes[index] == 0x5D,
                case .ipv6 = SocketAddress(bytes.text(start..<index), port: 0)?.host
            else { return false }
            index += 1
        } else {
            let start = index
            while index < range.upperBound, ByteClass.isHost(bytes[index]) { index += 1 }
            guard index > start else { return false }
        }
        guard index < range.upperBound else { return true }
        guard bytes[index] == 0x3A else { return false }
        return isPort(bytes, index + 1..<range.upperBound)
    }

    private static func isInLiteral(_ byte: UInt8) -> Bool {
        ByteClass.hexadecimal(byte) != nil || byte == 0x3A || byte == 0x2E
    }

    /// Digits for a number up to 65535; none at all are allowed by the grammar.
    private static func isPort(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        guard range.count <= 5 else { return false }
        var value = 0
        for index in range {
            guard ByteClass.isDigit(bytes[index]) else { return false }
            value = value * 10 + Int(bytes[index] - 0x30)
        }
        return value <= 65_535
    }
}
