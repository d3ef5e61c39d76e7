/// Text of jobs for a terminal: nothing in it can move the cursor, change the title or reorder what is read.
enum SafeText {
    /// One line: control characters are shown as pictures (U+2400 and following), line breaks and tabs among them.
    static func line(_ text: String) -> String { make(text, keepsLines: false) }

    /// Several lines: line breaks stay, a tab becomes spaces.
    static func lines(_ text: String) -> String { make(text, keepsLines: true) }

    private static func make(_ text: String, keepsLines: Bool) -> String {
        if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text }
        var safe = String.UnicodeScalarView()
        var endedWithCR = false
        for scalar in text.unicodeScalars {
            defer { endedWithCR = scalar == "\r" }
            switch scalar.value {
            case 0x0A where keepsLines:
                // CRLF is one line break; a CR alone would let what follows overwrite the line.
                if endedWithCR { safe.removeLast() }
                safe.append(scalar)
            case 0x09 where keepsLines: safe.append(contentsOf: "    ".unicodeScalars)
            case 0..<0x20: safe.append(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}")
            case 0x7F: safe.append("\u{2421}")
            // C1 controls are escape sequences to some terminals; the others change the direction of reading
            // (UAX #9) or break lines.
            case 0x80..<0xA0, 0x061C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069:
                safe.append("\u{FFFD}")
            default: safe.append(scalar)
            }
        }
        return String(safe)
    }
}
