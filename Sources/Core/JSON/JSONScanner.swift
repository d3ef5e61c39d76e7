/// Reads single lexical elements: strings, numbers and words (RFC 8259 §3, §6, §7).
struct JSONScanner {
    /// The document.
    private let bytes: [UInt8]
    /// Where the next element is looked for; never beyond the end.
    private(set) var position = 0
    /// False when values are only checked; then strings and numbers come out empty.
    private let keepsValues: Bool

    /// Starts at the first byte.
    init(_ bytes: [UInt8], keepsValues: Bool) {
        self.bytes = bytes
        self.keepsValues = keepsValues
    }

    /// The byte at the position; nil at the end.
    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// Goes beyond a byte that was looked at.
    mutating func advance() { position += 1 }

    /// Goes beyond one byte order mark, if there is one.
    mutating func skipByteOrderMark() {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    /// Goes beyond space, tab, line feed and carriage return.
    mutating func skipWhitespace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    /// Goes beyond `true`, `false` or `null`.
    ///
    /// - Throws: ``JSONError`` at the word's beginning when it is another one.
    mutating func word(_ word: String, _ value: JSON) throws(JSONError) -> JSON {
        let end = position + word.utf8.count
        guard end <= bytes.count, bytes[position..<end].elementsEqual(word.utf8) else {
            throw JSONError("expected a value", at: position)
        }
        position = end
        return value
    }

    // MARK: Numbers

    /// Reads the number that begins here.
    ///
    /// Whole numbers that fit `Int` are exact. `-0` is a double, which alone can hold its sign.
    /// - Throws: ``JSONError`` for other forms than RFC 8259 §6 and for numbers beyond `Double`.
    mutating func number() throws(JSONError) -> JSON {
        let start = position
        let isNegative = next == UInt8(ascii: "-")
        if isNegative { position += 1 }
        let integer = try integerPart()
        var isWhole = true
        if next == UInt8(ascii: ".") {
            position += 1
            isWhole = false
            try digits()
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            position += 1
            isWhole = false
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
            try digits()
        }
        guard keepsValues else { return .null }
        if isWhole, let integer, !(isNegative && integer == 0) {
            if isNegative { return .int(integer) }
            let (positive, overflow) = (0).subtractingReportingOverflow(integer)
            if !overflow { return .int(positive) }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        // The grammar sets no limit; what is beyond Double reads as infinite, which is out of every range.
        guard let double = Double(text) else { throw JSONError("number out of range", at: start) }
        return .double(double)
    }

    /// The digits before fraction and exponent, as a number below or equal to 0 (`Int.min` has no positive
    /// counterpart); nil when they do not fit.
    private mutating func integerPart() throws(JSONError) -> Int? {
        guard next == UInt8(ascii: "0") else { return try digits() }
        position += 1
        if let next, Self.isDigit(next) { throw JSONError("leading zero", at: position - 1) }
        return 0
    }

    /// One digit or more.
    @discardableResult
    private mutating func digits() throws(JSONError) -> Int? {
        guard let next, Self.isDigit(next) else { throw JSONError("expected a digit", at: position) }
        var total = 0
        var fits = true
        while position < bytes.count, Self.isDigit(bytes[position]) {
            if fits {
                let (product, overflow) = total.multipliedReportingOverflow(by: 10)
                let (difference, underflow) =
                    product.subtractingReportingOverflow(Int(bytes[position] & 0x0F))
                total = difference
                fits = !overflow && !underflow
            }
            position += 1
        }
        return fits ? total : nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    // MARK: Strings

    /// Reads a string value; the position is at its opening quote.
    ///
    /// - Throws: ``JSONError`` for other forms than RFC 8259 §7 and for bytes that are no UTF-8.
    mutating func stringValue() throws(JSONError) -> JSON {
        let (text, unpaired) = try string(replacesUnpaired: false)
        return unpaired.map(JSON.unpairedString) ?? .string(text)
    }

    /// Reads a member's name; surrogates that pair with nothing become U+FFFD.
    ///
    /// - Throws: ``JSONError`` for other forms than RFC 8259 §7 and for bytes that are no UTF-8.
    mutating func name() throws(JSONError) -> String {
        try string(replacesUnpaired: true).text
    }

    /// One pass: bytes between escapes are copied in runs, and a string without escapes is not copied at all.
    private mutating func string(
        replacesUnpaired: Bool
    ) throws(JSONError) -> (text: String, unpaired: [UInt8]?) {
        let opening = position
        position += 1
        var run = position
        var decoded: [UInt8] = []
        var hasUnpaired = false
        while true {
            // Most of any document is this loop; a local index can live in a register.
            var index = position
            while index < bytes.count, Self.isPlain(bytes[index]) { index += 1 }
            position = index
            guard index < bytes.count else { break }
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "\""):
                let end = position
                position += 1
                guard keepsValues else { return ("", nil) }
                // Everything in the run and in `decoded` was checked: nothing is repaired here.
                if decoded.isEmpty { return (String(decoding: bytes[run..<end], as: UTF8.self), nil) }
                decoded.append(contentsOf: bytes[run..<end])
                return hasUnpaired ? ("", decoded) : (String(decoding: decoded, as: UTF8.self), nil)
            case UInt8(ascii: "\\"):
                if keepsValues { decoded.append(contentsOf: bytes[run..<position]) }
                let scalar = try escape()
                run = position
                guard keepsValues else { continue }
                if (0xD800...0xDFFF).contains(scalar) {
                    hasUnpaired = hasUnpaired || !replacesUnpaired
                    Self.append(replacesUnpaired ? 0xFFFD : scalar, to: &decoded)
                } else {
                    Self.append(scalar, to: &decoded)
                }
            case 0x00..<0x20:
                throw JSONError("control character in a string", at: position)
            default:
                guard case .valid(let length) = UTF8Sequence(in: bytes, at: position) else {
                    throw JSONError("invalid UTF-8", at: position)
                }
                position += length
            }
        }
        throw JSONError("unterminated string", at: opening)
    }

    /// ASCII that stands for itself in a string.
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x80 && byte != 0x22 && byte != 0x5C
    }

    /// Reads one escape, or two that form a surrogate pair: a scalar value, or a surrogate without its other half.
    private mutating func escape() throws(JSONError) -> UInt32 {
        let start = position
        position += 1
        guard let letter = next else { throw JSONError("unterminated escape", at: start) }
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
        let unit = try fourHexDigits(of: start)
        guard (0xD800...0xDBFF).contains(unit) else { return unit }
        // A high surrogate: the low one must follow at once, else this one stands alone and what follows is
        // read again as an escape of its own.
        let afterHigh = position
        guard bytes.count - position >= 2, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        else { return unit }
        position += 2
        let low = try fourHexDigits(of: afterHigh)
        guard (0xDC00...0xDFFF).contains(low) else {
            position = afterHigh
            return unit
        }
        return 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
    }

    private mutating func fourHexDigits(of escape: Int) throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = HexDigit.value(of: byte) else {
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
