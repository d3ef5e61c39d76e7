/// Hexadecimal digits as ASCII bytes.
package enum HexDigit {
    /// The digit's value, 0–15, in either case; nil for any other byte.
    package static func value(of byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }

    /// The digit of the lower four bits.
    package static func lowercase(_ value: UInt8) -> UInt8 {
        let nibble = value & 0x0F
        return nibble < 10 ? 0x30 + nibble : 0x61 + nibble - 10
    }
}
