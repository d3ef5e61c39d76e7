/// A line at the bottom of standard error that comes and goes between what else is written; nothing without a terminal.
final class StatusLine {
    private let output: Terminal
    private let errors: Terminal
    private var shown = ""
    /// What was written last left the cursor in the middle of a line of the terminal, where nothing may be drawn.
    private var isWithinLine = false
    /// The line as it should be now; empty for none.
    var text: () -> String = { "" }

    init(_ environment: [String: String]) {
        output = Terminal.output(environment)
        errors = Terminal.errors(environment)
    }

    var style: Style { errors.style }
    var columns: Int { errors.columns ?? 80 }

    /// Writes to standard output.
    ///
    /// - Returns: False when nobody reads it any more.
    func write(_ text: String) -> Bool { write(text, to: output) }

    /// Writes to standard error.
    @discardableResult func writeError(_ text: String) -> Bool { write(text, to: errors) }

    /// Draws the line anew if it has changed.
    func update() {
        guard errors.isTerminal, !isWithinLine else { return }
        let next = text()
        guard next != shown else { return }
        // One write, so that the line does not flicker: to its beginning, the new text, and what is left of the old away.
        errors.write("\r" + next + "\u{1B}[K")
        shown = next
    }

    /// Takes the line away.
    func clear() {
        guard !shown.isEmpty else { return }
        errors.write("\r\u{1B}[K")
        shown = ""
    }

    /// What follows on standard error begins a line.
    func endLine() {
        clear()
        if isWithinLine { errors.write("\n") }
        isWithinLine = false
    }

    private func write(_ text: String, to terminal: Terminal) -> Bool {
        guard let last = text.utf8.last else { return true }
        if terminal.isTerminal {
            clear()
            isWithinLine = last != 0x0A
        }
        defer { if terminal.isTerminal { update() } }
        return terminal.write(text)
    }
}
