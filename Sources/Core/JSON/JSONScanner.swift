/// Reads single lexical elements: strings, numbers and words (RFC 8259 §3, §6, §7).
///
/// Each call takes the document, since a span cannot be kept; it must always be the same.
struct JSONScanner {
    /// Where the next element is looked for; never beyond the end.
    private(set) var position = 0
    /// False when values are only checked; then strings and numbers come out empty.
    private let keepsValues: Bool

    /// Starts at the first byte.
    init(keepsValues: Bool) { self.keepsValues = keepsValues }

    /// The byte at the position; nil at the end.
    func next(_ bytes: Span<UInt8>) -> UInt8? { position < bytes.count ? bytes[position] : nil }

    /// Goes beyond a byte that was looked at.
    mutating func advance() { position += 1 }

    /// Goes beyond one byte order mark, if there is one.
    mutating func skipByteOrderMark(_ bytes: Span<UInt8>) {
        if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { position = 3 }
    }

    /// Goes beyond space, tab, line feed and carriage return.
    mutating func skipWhitespace(_ bytes: Span<UInt8>) {
        while position < bytes.count {
            let byte = bytes[position]
            guard byte <= 0x20, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            position += 1
        }
    }

    /// Goes beyond `true`, `false` or `null`.
    ///
    /// - Throws: ``JSONError`` at the word's beginning when it is another one.
    mutating func word(
        _ word: StaticString, _ value: JSON, _ bytes: Span<UInt8>
    ) throws(JSONError) -> JSON {
        let count = word.utf8CodeUnitCount
        guard count <= bytes.count - position else { throw JSONError("expected a value", at: position) }
        for offset in 0..<count {
            // Below its count, and a static string lives as long as the program.
            guard unsafe bytes[position + offset] == word.utf8Start[offset] else {
                throw JSONError("expected a value", at: position)
            }
        }
        position += count
        return value
    }

    // MARK: Numbers

    /// Reads the number that begins here.
    ///
    /// Whole numbers that fit `Int` are exact. `-0` is a double, which alone can hold its sign.
    /// - Throws: ``JSONError`` for other forms than RFC 8259 §6.
    mutating func number(_ bytes: Span<UInt8>) throws(JSONError) -> JSON {
        let start = position
        var number = JSONDecimal()
        if bytes[position] == UInt8(ascii: "-") {
            number.isNegative = true
            position += 1
        }
        if next(bytes) == UInt8(ascii: "0") {
            position += 1
            if let next = next(bytes), Self.isDigit(next) {
                throw JSONError("leading zero", at: position - 1)
            }
        } else {
            try digits(bytes) { number.append($0) }
        }
        if next(bytes) == UInt8(ascii: ".") {
            position += 1
            try digits(bytes) { number.append(afterPoint: $0) }
        }
        if let letter = next(bytes), letter | 0x20 == UInt8(ascii: "e") {
            position += 1
            let sign = next(bytes)
            if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { position += 1 }
            var exponent = 0
            // Held beyond what the digits of any document could make up for, and where it cannot overflow.
            try digits(bytes) { exponent = min(exponent * 10 + $0, 1 << 59) }
            number.scale(by: sign == UInt8(ascii: "-") ? -exponent : exponent)
        }
        guard keepsValues else { return .null }
        if let int = number.int { return .int(int) }
        if let double = number.double { return .double(double) }
        // The grammar sets no limit; what is beyond Double reads as infinite, which is out of every range.
        guard let double = Double(Self.text(bytes, start..<position, isASCII: true)) else {
            throw JSONError("number out of range", at: start)
        }
        return .double(double)
    }

    /// One digit or more.
    private mutating func digits(_ bytes: Span<UInt8>, _ take: (Int) -> Void) throws(JSONError) {
        let start = position
        var index = position
        while index < bytes.count, Self.isDigit(bytes[index]) {
            take(Int(bytes[index] & 0x0F))
            index += 1
        }
        position = index
        guard index > start else { throw JSONError("expected a digit", at: start) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    // MARK: Strings

    /// Reads a string value; the position is at its opening quote.
    ///
    /// - Throws: ``JSONError`` for other forms than RFC 8259 §7 and for bytes that are no UTF-8.
    mutating func stringValue(_ bytes: Span<UInt8>) throws(JSONError) -> JSON {
        let (text, unpaired) = try string(bytes, replacesUnpaired: false)
        return unpaired.map(JSON.unpairedString) ?? .string(text)
    }

    /// Reads a member's name; surrogates that pair with nothing become U+FFFD.
    ///
    /// - Throws: ``JSONError`` for other forms than RFC 8259 §7 and for bytes that are no UTF-8.
    mutating func name(_ bytes: Span<UInt8>) throws(JSONError) -> String {
        try string(bytes, replacesUnpaired: true).text
    }

    /// Goes over a string once; one without escapes is copied once.
    private mutating func string(
        _ bytes: Span<UInt8>, replacesUnpaired: Bool
    ) throws(JSONError) -> (text: String, unpaired: [UInt8]?) {
        let opening = position
        position += 1
        let isASCII = try skipUnescaped(bytes, opening)
        guard bytes[position] == UInt8(ascii: "\"") else {
            return try escapedString(bytes, opening, replacesUnpaired)
        }
        position += 1
        guard keepsValues else { return ("", nil) }
        return (Self.text(bytes, opening + 1..<position - 1, isASCII: isASCII), nil)
    }

    /// A string with an escape at the position; bytes between escapes are copied in runs.
    private mutating func escapedString(
        _ bytes: Span<UInt8>, _ opening: Int, _ replacesUnpaired: Bool
    ) throws(JSONError) -> (text: String, unpaired: [UInt8]?) {
        var decoded: [UInt8] = []
        var run = opening + 1
        var hasUnpaired = false
        while bytes[position] == UInt8(ascii: "\\") {
            if keepsValues { decoded.append(bytes, run..<position) }
            let scalar = try escape(bytes)
            run = position
            if keepsValues {
                let isUnpaired = (0xD800...0xDFFF).contains(scalar)
                hasUnpaired = hasUnpaired || (isUnpaired && !replacesUnpaired)
                Self.append(isUnpaired && replacesUnpaired ? 0xFFFD : scalar, to: &decoded)
            }
            _ = try skipUnescaped(bytes, opening)
        }
        position += 1
        guard keepsValues else { return ("", nil) }
        decoded.append(bytes, run..<position - 1)
        if hasUnpaired { return ("", decoded) }
        return (Self.text(decoded.span, 0..<decoded.count, isASCII: false), nil)
    }

    /// Goes up to the quote that ends the string or to the next backslash.
    ///
    /// - Returns: Whether all of it was ASCII.
    private mutating func skipUnescaped(_ bytes: Span<UInt8>, _ opening: Int) throws(JSONError) -> Bool {
        var isASCII = true
        while true {
            position = ByteRun.endOfPlain(bytes, from: position)
            guard position < bytes.count else { throw JSONError("unterminated string", at: opening) }
            switch bytes[position] {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): return isASCII
            case 0x00..<0x20: throw JSONError("control character in a string", at: position)
            default:
                guard case .valid(let length) = UTF8Sequence(in: bytes, at: position) else {
                    throw JSONError("invalid UTF-8", at: position)
                }
                isASCII = false
                position += length
            }
        }
    }

    /// A range that was checked before, and is not checked again.
    private static func text(_ bytes: Span<UInt8>, _ range: Range<Int>, isASCII: Bool) -> String {
        // Every byte was found to be plain ASCII, part of a valid sequence (`UTF8Sequence`), or was written by
        // `append(_:to:)` for a scalar value that is no surrogate; escapes stand between sequences, never within.
        String(copying: unsafe UTF8Span(unchecked: bytes.extracting(range), isKnownASCII: isASCII))
    }

    /// Reads one escape, or two that form a surrogate pair: a scalar value, or a surrogate without its other half.
    private mutating func escape(_ bytes: Span<UInt8>) throws(JSONError) -> UInt32 {
        let start = position
        position += 1
        guard let letter = next(bytes) else { throw JSONError("unterminated escape", at: start) }
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return UInt32(letter)
        case UInt8(ascii: "b"): return 0x08
        case UInt8(ascii: "f"): return 0x0C
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "u"): break
        default: throw JSONError("invalid escape", at: start)
        }
        let unit = try fourHexDigits(bytes, of: start)
        guard (0xD800...0xDBFF).contains(unit) else { return unit }
        // A high surrogate: the low one must follow at once, else this one stands alone and what follows is
        // read again as an escape of its own.
        let afterHigh = position
        guard bytes.count - position >= 2, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        else { return unit }
        position += 2
        let low = try fourHexDigits(bytes, of: afterHigh)
        guard (0xDC00...0xDFFF).contains(low) else {
            position = afterHigh
            return unit
        }
        return 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
    }

    private mutating func fourHexDigits(_ bytes: Span<UInt8>, of escape: Int) throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next(bytes), let digit = HexDigit.value(of: byte) else {
                throw JSONError("invalid \\u escape", at: escape)
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }

    /// Appends the UTF-8 form; a surrogate gets the three bytes that WTF-8 gives it.
    private static func append(_ scalar: UInt32, to bytes: inout [UInt8]) {
        func tail(_ shift: UInt32) -> UInt8 { UInt8(0x80 | (scalar >> shift & 0x3F)) }
        switch scalar {
        case 0..<0x80: bytes.append(UInt8(scalar))
        case 0x80..<0x800: bytes += [UInt8(0xC0 | scalar >> 6), tail(0)]
        case 0x800..<0x10000: bytes += [UInt8(0xE0 | scalar >> 12), tail(6), tail(0)]
        default: bytes += [UInt8(0xF0 | scalar >> 18 & 0x07), tail(12), tail(6), tail(0)]
        }
    }
}

extension [UInt8] {
    /// Appends a range of a span.
    fileprivate mutating func append(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        // The buffer is read before the span ends.
        unsafe bytes.extracting(range).withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }
}
