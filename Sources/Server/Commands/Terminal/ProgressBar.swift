/// One line that says how far something is.
enum ProgressBar {
    /// A bar, the share in percent, what is being done and for how long, in as many columns as there are.
    ///
    /// - Parameters:
    ///   - fraction: From 0 to 1.
    ///   - message: What is being done; may be empty, and come from anywhere.
    ///   - elapsed: In milliseconds.
    ///   - columns: Of the terminal; the line stays one shorter, so that the cursor does not go to the next.
    ///   - style: Its colours.
    /// - Returns: The line, without a line break.
    static func line(fraction: Double, message: String, elapsed: Int, columns: Int, style: Style) -> String {
        // What is no number is nothing done.
        let share = fraction > 0 ? min(fraction, 1) : 0
        let length = max(5, min(30, columns / 3))
        let filled = Int((Double(length) * share).rounded(.down))
        let done = String(repeating: "━", count: filled)
        let open = String(repeating: style.isOn ? "━" : "┄", count: length - filled)
        let percent = "\(Int((share * 100).rounded(.down)))"
        let numbers = " \(String(repeating: " ", count: 3 - percent.utf8.count))\(percent) %"
        let time = "  " + HumanTime.duration(seconds: elapsed / 1000)
        let room = columns - 1 - length - numbers.utf8.count - time.utf8.count - 2
        let text = room > 3 ? DisplayWidth.cut(SafeText.line(message), to: room) : ""
        return style.cyan(done) + style.dim(open) + numbers + style.dim(room > -2 ? time : "")
            + (text.isEmpty ? "" : "  " + text)
    }
}
