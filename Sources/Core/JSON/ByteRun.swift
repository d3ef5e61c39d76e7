/// Looks through text eight bytes at a time (Lamport, "Multiple byte processing with full-word instructions", 1975).
package enum ByteRun {
    /// The first such byte from `start` on; the end, if there is none.
    package static func first(_ byte: UInt8, in bytes: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while let word = word(bytes, at: index) {
            let different = word ^ ones &* UInt64(byte)
            let found = (different &- ones) & ~different & high
            if found != 0 { return index + found.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < bytes.count, bytes[index] != byte { index += 1 }
        return index
    }

    /// The first control character from `start` on, DEL among them; the end, if there is none.
    package static func firstControl(_ bytes: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while let word = word(bytes, at: index) {
            let delete = word ^ ones &* 0x7F
            let found = ((word &- ones &* 0x20) & ~word | (delete &- ones) & ~delete) & high
            if found != 0 { return index + found.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < bytes.count, bytes[index] >= 0x20, bytes[index] != 0x7F { index += 1 }
        return index
    }

    /// The first byte from `start` on that may not stand in a JSON string as it is, or is no ASCII; the end, if there
    /// is none.
    static func endOfPlain(_ bytes: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while let word = word(bytes, at: index) {
            let found = (word | escaped(word)) & high
            if found != 0 { return index + found.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < bytes.count, bytes[index] < 0x80, !needsEscape(bytes[index]) { index += 1 }
        return index
    }

    /// The first byte from `start` on that may not stand in a JSON string as it is; the end, if there is none.
    static func endOfUnescaped(_ bytes: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while let word = word(bytes, at: index) {
            let found = escaped(word) & high
            if found != 0 { return index + found.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < bytes.count, !needsEscape(bytes[index]) { index += 1 }
        return index
    }

    /// What RFC 8259 §7 demands to be escaped: `"`, `\` and the control characters below U+0020.
    static func needsEscape(_ byte: UInt8) -> Bool { byte < 0x20 || byte == 0x22 || byte == 0x5C }

    /// The highest bit of every byte.
    private static let high: UInt64 = 0x8080_8080_8080_8080
    private static let ones: UInt64 = 0x0101_0101_0101_0101

    /// Eight bytes, the first one lowest; nil where there are no eight.
    private static func word(_ bytes: Span<UInt8>, at index: Int) -> UInt64? {
        guard bytes.count - index >= 8 else { return nil }
        // Any eight bytes make a number, and the call checks that there are eight.
        return UInt64(
            littleEndian: unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
    }

    /// The highest bit is set in the first byte that needs an escape, and in none before it; what the bits above say
    /// means nothing, as a byte that borrows from the next one may set its bit.
    private static func escaped(_ word: UInt64) -> UInt64 {
        let quote = word ^ ones &* 0x22
        let backslash = word ^ ones &* 0x5C
        return ((word &- ones &* 0x20) & ~word) | ((quote &- ones) & ~quote)
            | ((backslash &- ones) & ~backslash)
    }
}
