/// The well-formed byte sequences of UTF-8 (Unicode 16, table 3-7): no overlong forms, no surrogates.
enum UTF8Sequence: Equatable {
    /// One scalar value of so many bytes.
    case valid(Int)
    /// So many bytes that begin no scalar value: a maximal subpart, which is replaced by one U+FFFD.
    case invalid(Int)

    /// Reads what begins at `index`, which must be an index of `bytes`.
    init(in bytes: Span<UInt8>, at index: Int) {
        let first = bytes[index]
        let length: Int
        // What the second byte may be; the later ones are always 80…BF.
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch first {
        case 0x00...0x7F:
            self = .valid(1)
            return
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: length = 4
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default:
            self = .invalid(1)
            return
        }
        for offset in 1..<length {
            let allowed = offset == 1 ? second : 0x80...0xBF
            guard index + offset < bytes.count, allowed.contains(bytes[index + offset]) else {
                self = .invalid(offset)
                return
            }
        }
        self = .valid(length)
    }
}
