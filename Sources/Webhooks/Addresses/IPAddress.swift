internal import Glibc

/// A numeric address of either family.
package enum IPAddress: Hashable, Sendable, CustomStringConvertible {
    /// Four bytes, big-endian.
    case v4(UInt32)
    /// Sixteen bytes, big-endian.
    case v6(high: UInt64, low: UInt64)

    /// Of 4 or 16 bytes in network order; nil for any other number.
    package init?(bytes: [UInt8]) {
        switch bytes.count {
        case 4: self = .v4(bytes.reduce(0) { $0 << 8 | UInt32($1) })
        case 16:
            self = .v6(
                high: bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) },
                low: bytes[8...].reduce(0) { $0 << 8 | UInt64($1) })
        default: return nil
        }
    }

    /// Reads the text of an IPv6 address, without brackets or a zone (RFC 4291 §2.2).
    package init?(v6 text: String) {
        var bytes = [UInt8](repeating: 0, count: 16)
        guard unsafe inet_pton(AF_INET6, text, &bytes) == 1 else { return nil }
        self.init(bytes: bytes)
    }

    /// Reads an IPv4 address in any form that resolvers take: one to four numbers, the last of which fills the rest,
    /// each decimal, octal (`0177`) or hexadecimal (`0x7f`); `inet_aton(3)`.
    ///
    /// - Returns: Nil for a name.
    /// - Throws: ``MalformedAddress`` for what ends in a number as an address does, but is none.
    package static func v4(anyForm text: String) throws(MalformedAddress) -> IPAddress? {
        var parts = text.split(separator: ".", omittingEmptySubsequences: false)
        if parts.count > 1, parts.last?.isEmpty == true { parts.removeLast() }
        guard let last = parts.last, !last.isEmpty else { return nil }
        // As browsers decide it: a host whose last label is a number is an address or nothing
        // (https://url.spec.whatwg.org/#ends-in-a-number-checker).
        guard isNumber(last) else { return nil }
        guard parts.count <= 4 else { throw MalformedAddress() }
        var value: UInt64 = 0
        for (index, part) in parts.enumerated() {
            guard let number = number(part) else { throw MalformedAddress() }
            if index < parts.count - 1 {
                guard number <= 255 else { throw MalformedAddress() }
                value |= number << UInt64(24 - 8 * index)
            } else {
                guard number < UInt64(1) << UInt64(32 - 8 * index) else { throw MalformedAddress() }
                value |= number
            }
        }
        return .v4(UInt32(truncatingIfNeeded: value))
    }

    /// What looks like an address and is none.
    package struct MalformedAddress: Error {}

    /// Digits, or hexadecimal ones behind `0x`, however many.
    private static func isNumber(_ text: Substring) -> Bool {
        guard text.hasPrefix("0x") || text.hasPrefix("0X") else {
            return text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        }
        return text.utf8.dropFirst(2).allSatisfy {
            (0x30...0x39).contains($0) || (0x61...0x66).contains($0 | 0x20)
        }
    }

    /// At most 32 bits, decimal, octal or hexadecimal.
    private static func number(_ text: Substring) -> UInt64? {
        var digits = Array(text.utf8)
        var radix: UInt64 = 10
        if digits.count >= 2, digits[0] == 0x30, digits[1] | 0x20 == 0x78 {
            radix = 16
            digits.removeFirst(2)
        } else if digits.count >= 2, digits[0] == 0x30 {
            radix = 8
            digits.removeFirst()
        }
        // `0x` alone is zero to browsers.
        guard !digits.isEmpty || radix == 16 else { return nil }
        var value: UInt64 = 0
        for digit in digits {
            let figure: UInt8
            switch digit {
            case 0x30...0x39: figure = digit - 0x30
            case 0x41...0x46: figure = digit - 0x41 + 10
            case 0x61...0x66: figure = digit - 0x61 + 10
            default: return nil
            }
            guard UInt64(figure) < radix else { return nil }
            value = value * radix + UInt64(figure)
            guard value <= 0xFFFF_FFFF else { return nil }
        }
        return value
    }

    /// As it is usually written: `10.0.0.1`, `fe80::1`.
    package var description: String {
        switch self {
        case .v4(let value):
            return [24, 16, 8, 0].map { String(value >> UInt32($0) & 0xFF) }.joined(separator: ".")
        case .v6(let high, let low):
            var groups = [high, low].flatMap { half in
                [48, 32, 16, 0].map { UInt16(truncatingIfNeeded: half >> UInt64($0)) }
            }
            var text = [CChar](repeating: 0, count: 46)
            for index in groups.indices { groups[index] = groups[index].bigEndian }
            guard unsafe inet_ntop(AF_INET6, groups, &text, socklen_t(text.count)) != nil else { return "?" }
            return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }
}
