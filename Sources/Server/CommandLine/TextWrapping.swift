/// Breaks text for people into lines.
enum TextWrapping {
    /// Lines of at most `width` columns, broken at spaces; a word longer than that has a line of its own.
    static func lines(_ text: String, width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        var columns = 0
        for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
            let needed = DisplayWidth.of(word)
            if columns > 0, columns + 1 + needed > width {
                lines.append(line)
                line = ""
                columns = 0
            }
            if columns > 0 {
                line += " "
                columns += 1
            }
            line += word
            columns += needed
        }
        if columns > 0 { lines.append(line) }
        return lines
    }
}
