/// Helpers over parts of a byte array, so that parsing never goes through `String`.
extension [UInt8] {
    /// `range` without spaces and tabs at its ends (RFC 9110 §5.6.3, OWS).
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var (lower, upper) = (range.lowerBound, range.upperBound)
        while lower < upper, ByteClass.isBlank(self[lower]) { lower += 1 }
        while lower < upper, ByteClass.isBlank(self[upper - 1]) { upper -= 1 }
        return lower..<upper
    }

    /// Whether `range` holds `text`, which is in lower case, without regard to ASCII case.
    func equalsIgnoringCase(_ range: Range<Int>, _ text: StaticString) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        // A static string's bytes live as long as the program; the index stays below their count.
        let base = unsafe text.utf8Start
        for offset in 0..<range.count
        where unsafe ByteClass.lowercased(self[range.lowerBound + offset]) != base[offset] {
            return false
        }
        return true
    }

    /// The elements of a comma-separated list in `range`, trimmed; empty ones are left out (RFC 9110 §5.6.1.2).
    func forEachElement(in range: Range<Int>, _ body: (Range<Int>) -> Void) {
        var start = range.lowerBound
        while start < range.upperBound {
            var end = start
            while end < range.upperBound, self[end] != 0x2C { end += 1 }
            let element = trimmed(start..<end)
            if !element.isEmpty { body(element) }
            start = end + 1
        }
    }

    /// The text of `range`, which is known to be ASCII.
    func text(_ range: Range<Int>) -> String { String(decoding: self[range], as: UTF8.self) }
}
