/// Classes of bytes in HTTP's grammar.
enum ByteClass {
    /// RFC 9110 §5.6.2: `tchar`.
    static func isToken(_ byte: UInt8) -> Bool {
        // A bit for each ASCII character: ! #$%&' * + - . 0-9, then A-Z ^_` a-z | ~
        let set: UInt64 = byte < 64 ? 0x03FF_6CFA_0000_0000 : 0x57FF_FFFF_C7FF_FFFE
        return byte < 0x80 && set >> UInt64(byte & 63) & 1 == 1
    }

    /// RFC 9110 §5.5: what may stand in a field's value: visible characters, space, tab, octets above ASCII.
    static func isFieldContent(_ byte: UInt8) -> Bool { (byte >= 0x20 && byte != 0x7F) || byte == 0x09 }

    /// What may stand in a request target. RFC 3986 allows fewer characters, but browsers send some of the rest
    /// (`|`, `^`) as they are. A fragment (`#`) never comes.
    static func isTarget(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7F && byte != 0x23 }

    /// What may stand in a registered name or IPv4 address: RFC 3986 §3.2.2 without percent-escapes, which no
    /// name needs, and without the comma, which two `Host` lines merged by somebody before us would have.
    static func isHost(_ byte: UInt8) -> Bool {
        switch byte {
        // 0-9 ; = A-Z _ a-z ~ ! $ &'()*+ -.
        case 0x30...0x39, 0x3B, 0x3D, 0x41...0x5A, 0x5F, 0x61...0x7A, 0x7E, 0x21, 0x24, 0x26...0x2B, 0x2D,
            0x2E:
            true
        default: false
        }
    }

    static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    /// The value of a hexadecimal digit, or nil.
    static func hexadecimal(_ byte: UInt8) -> Int? {
        switch byte {
        case 0x30...0x39: Int(byte) - 0x30
        case 0x41...0x46: Int(byte) - 0x41 + 10
        case 0x61...0x66: Int(byte) - 0x61 + 10
        default: nil
        }
    }

    static func lowercased(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }

    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
