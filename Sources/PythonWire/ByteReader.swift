/// Reads little-endian fields from the front of a payload; `nil` when the payload is too short.
struct ByteReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
    }

    /// Whether every byte was read.
    var isAtEnd: Bool { rest.isEmpty }

    mutating func byte() -> UInt8? {
        rest.popFirst()
    }

    mutating func integer<T: FixedWidthInteger>(_ type: T.Type) -> T? {
        let width = T.bitWidth / 8
        guard rest.count >= width else { return nil }
        var value: T = 0
        for byte in rest.prefix(width).reversed() {
            value = value << 8 | T(truncatingIfNeeded: byte)
        }
        rest = rest.dropFirst(width)
        return value
    }

    mutating func bytes(_ count: Int) -> [UInt8]? {
        guard count >= 0, count <= rest.count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return [UInt8](rest.prefix(count))
    }

    /// Everything that is left.
    mutating func remaining() -> [UInt8] {
        defer { rest = rest.suffix(0) }
        return [UInt8](rest)
    }

    /// Everything that is left as text; `nil` if it is not UTF-8.
    mutating func remainingText() -> String? {
        defer { rest = rest.suffix(0) }
        return String(validating: rest, as: UTF8.self)
    }
}

extension [UInt8] {
    /// Appends `value` with its lowest byte first.
    mutating func appendLittleEndian<T: FixedWidthInteger>(_ value: T) {
        for index in 0..<T.bitWidth / 8 {
            append(UInt8(truncatingIfNeeded: value >> (8 * index)))
        }
    }
}
