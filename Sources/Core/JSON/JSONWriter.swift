/// Writes compact JSON (RFC 8259, UTF-8) piece by piece, so that a big answer needs no tree of values first.
///
/// Commas are the writer's business; that names, values and ends come in an order that makes sense is the caller's.
///
/// ```swift
/// var writer = JSONWriter()
/// writer.beginObject()
/// writer.name("jobs")
/// writer.beginArray()
/// for job in page { writer.append(job.json) }
/// writer.endArray()
/// writer.endObject()
/// ```
///
/// Only what RFC 8259 §7 demands is escaped: `"`, `\` and the control characters below U+0020.
package struct JSONWriter: Sendable {
    /// What was written so far.
    package private(set) var bytes: [UInt8] = []
    /// Whether a value ended here, so that another one needs a comma before it.
    private var isAfterValue = false

    /// Starts empty, with room for so many bytes.
    package init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    // MARK: Structure

    /// `[`.
    package mutating func beginArray() { begin(UInt8(ascii: "[")) }
    /// `]`.
    package mutating func endArray() { end(UInt8(ascii: "]")) }
    /// `{`.
    package mutating func beginObject() { begin(UInt8(ascii: "{")) }
    /// `}`.
    package mutating func endObject() { end(UInt8(ascii: "}")) }

    /// The name of a member, whose value must come next.
    package mutating func name(_ name: String) {
        append(name)
        bytes.append(UInt8(ascii: ":"))
        isAfterValue = false
    }

    private mutating func begin(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        isAfterValue = false
    }

    private mutating func end(_ bracket: UInt8) {
        bytes.append(bracket)
        isAfterValue = true
    }

    private mutating func separate() {
        if isAfterValue { bytes.append(UInt8(ascii: ",")) }
        isAfterValue = true
    }

    // MARK: Values

    /// Any value; text is copied as it is.
    ///
    /// Recursive; a value that ``JSONParser`` read is at most 1000 levels deep.
    package mutating func append(_ value: JSON) {
        switch value {
        case .null: appendNull()
        case .bool(let bool): append(bool)
        case .int(let int): append(int)
        case .double(let double): append(double)
        case .string(let string): append(string)
        case .unpairedString(let wtf8): append(wtf8: wtf8)
        case .text(let text): append(text)
        case .array(let elements):
            beginArray()
            for element in elements { append(element) }
            endArray()
        case .object(let object):
            beginObject()
            for (name, value) in object.members {
                self.name(name)
                append(value)
            }
            endObject()
        }
    }

    /// `null`.
    package mutating func appendNull() { append(plain: "null") }

    /// `true` or `false`.
    package mutating func append(_ bool: Bool) { append(plain: bool ? "true" : "false") }

    /// A number without fraction.
    package mutating func append(_ int: Int) {
        separate()
        if int < 0 { bytes.append(UInt8(ascii: "-")) }
        let start = bytes.count
        var rest = int.magnitude
        repeat {
            bytes.append(0x30 + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        bytes[start...].reverse()
    }

    /// The shortest number that reads back as the same double: `1.0`, `0.1`, `1e+20`; `null` when not finite.
    package mutating func append(_ double: Double) {
        append(plain: double.isFinite ? double.description : "null")
    }

    /// Text that was validated before, byte for byte.
    package mutating func append(_ text: JSONText) {
        separate()
        bytes.append(contentsOf: text.bytes)
    }

    /// A string.
    package mutating func append(_ string: String) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        let start = bytes.count
        bytes.append(contentsOf: string.utf8)
        // Looked at where it stands now, in one piece; hardly any string has something to escape.
        let first = ByteRun.endOfUnescaped(bytes.span, from: start)
        guard first < bytes.count else { return bytes.append(UInt8(ascii: "\"")) }
        let rest = Array(bytes[first...])
        bytes.removeLast(rest.count)
        append(rest, keepsSurrogates: false)
        bytes.append(UInt8(ascii: "\""))
    }

    /// A string of bytes that should be UTF-8: every maximal invalid part becomes one U+FFFD.
    package mutating func append(utf8Repairing text: [UInt8]) { append(quoted: text, keepsSurrogates: false) }

    /// A string of WTF-8: surrogates become `\udXXX`, what else is invalid becomes U+FFFD.
    package mutating func append(wtf8 text: [UInt8]) { append(quoted: text, keepsSurrogates: true) }

    private mutating func append(plain: String) {
        separate()
        bytes.append(contentsOf: plain.utf8)
    }

    private mutating func append(quoted text: [UInt8], keepsSurrogates: Bool) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        append(text, keepsSurrogates: keepsSurrogates)
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func append(_ text: [UInt8], keepsSurrogates: Bool) {
        // What needs no change is copied in runs.
        var run = 0
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte < 0x80 {
                if ByteRun.needsEscape(byte) {
                    bytes.append(contentsOf: text[run..<index])
                    append(escapeOf: byte)
                    run = index + 1
                }
                index += 1
                continue
            }
            switch UTF8Sequence(in: text.span, at: index) {
            case .valid(let length): index += length
            case .invalid(let length):
                bytes.append(contentsOf: text[run..<index])
                if keepsSurrogates, let unit = Self.surrogate(in: text, at: index) {
                    append(unicodeEscapeOf: unit)
                    index += 3
                } else {
                    bytes += [0xEF, 0xBF, 0xBD]
                    index += length
                }
                run = index
            }
        }
        bytes.append(contentsOf: text[run...])
    }

    // MARK: Escapes

    private mutating func append(escapeOf byte: UInt8) {
        let letter: UInt8
        switch byte {
        case 0x22, 0x5C: letter = byte
        case 0x08: letter = UInt8(ascii: "b")
        case 0x09: letter = UInt8(ascii: "t")
        case 0x0A: letter = UInt8(ascii: "n")
        case 0x0C: letter = UInt8(ascii: "f")
        case 0x0D: letter = UInt8(ascii: "r")
        default:
            append(unicodeEscapeOf: UInt16(byte))
            return
        }
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(letter)
    }

    private mutating func append(unicodeEscapeOf unit: UInt16) {
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(UInt8(ascii: "u"))
        for shift in [12, 8, 4, 0] as [UInt16] {
            bytes.append(HexDigit.lowercase(UInt8(truncatingIfNeeded: unit >> shift)))
        }
    }

    /// The surrogate that three bytes of WTF-8 stand for.
    private static func surrogate(in text: [UInt8], at index: Int) -> UInt16? {
        guard text.count - index >= 3, text[index] == 0xED, text[index + 1] & 0xE0 == 0xA0,
            text[index + 2] & 0xC0 == 0x80
        else { return nil }
        return 0xD000 | UInt16(text[index + 1] & 0x3F) << 6 | UInt16(text[index + 2] & 0x3F)
    }
}
