/// Percent-decoding (RFC 3986 §2.1), exactly once: `%2525` becomes `%25`.
package enum PercentDecoding {
    /// Decodes one segment of a path, which was split at its slashes before: `%2F` becomes a `/` inside the segment.
    ///
    /// - Parameter text: The segment as sent; a `+` is a plus.
    /// - Returns: The segment decoded. It may hold any character, U+0000 and `/` included.
    /// - Throws: ``PercentDecodingError``.
    package static func segment(_ text: Substring) throws(PercentDecodingError) -> String {
        try decode(text.utf8, plusIsSpace: false)
    }

    /// Decodes one name or value of a query, which was split before (application/x-www-form-urlencoded).
    ///
    /// - Parameter text: The name or value as sent; a `+` is a space.
    /// - Returns: The text decoded.
    /// - Throws: ``PercentDecodingError``.
    package static func query(_ text: Substring) throws(PercentDecodingError) -> String {
        try decode(text.utf8, plusIsSpace: true)
    }

    private static func decode(
        _ text: Substring.UTF8View, plusIsSpace: Bool
    ) throws(PercentDecodingError) -> String {
        let percent = UInt8(ascii: "%")
        let plus = UInt8(ascii: "+")
        guard text.contains(where: { $0 == percent || (plusIsSpace && $0 == plus) }) else {
            return String(Substring(text))
        }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(text.count)
        var bytes = text.makeIterator()
        while let byte = bytes.next() {
            if byte == percent {
                guard let high = bytes.next().flatMap(HexDigit.value),
                    let low = bytes.next().flatMap(HexDigit.value)
                else { throw .invalidEscape }
                decoded.append(high << 4 | low)
            } else {
                decoded.append(plusIsSpace && byte == plus ? UInt8(ascii: " ") : byte)
            }
        }
        guard let result = String(validating: decoded, as: UTF8.self) else { throw .invalidUTF8 }
        return result
    }
}
