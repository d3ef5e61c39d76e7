internal import RoostPersistence

/// Shows on a terminal how far a long operation is, and ends it when a signal comes.
final class HistoryReport {
    private let line: StatusLine
    private let terminal: Terminal
    private let interrupts: Interrupts
    private let startedAt = ContinuousClock.now
    private var shownAt = ContinuousClock.now

    init(_ environment: [String: String]) throws {
        line = StatusLine(environment)
        terminal = Terminal.errors(environment)
        interrupts = try Interrupts.install(ignoresClosedPipe: false)
    }

    /// Takes a report; draws it ten times a second at most.
    ///
    /// - Throws: ``ClientError/interrupted(signal:)``.
    func take(_ progress: HistoryProgress) throws {
        if let signal = interrupts.take() {
            line.clear()
            throw ClientError.interrupted(signal: signal)
        }
        guard terminal.isTerminal, shownAt.duration(to: .now) > .milliseconds(100) else { return }
        shownAt = .now
        let elapsed = Int(startedAt.duration(to: .now) / .milliseconds(1))
        let count = "\(HumanTime.grouped(progress.done)) \(progress.unit)"
        let text: String
        if let total = progress.total, total > 0 {
            text = ProgressBar.line(
                fraction: Double(progress.done) / Double(total), message: count, elapsed: elapsed,
                columns: line.columns,
                style: line.style)
        } else {
            text = count + line.style.dim("  \(HumanTime.duration(seconds: elapsed / 1000))")
        }
        line.text = { text }
        line.update()
    }

    /// Says what came of it, to a person only.
    func finish(_ text: String) {
        line.text = { "" }
        line.clear()
        if terminal.isTerminal { terminal.write(text + "\n") }
    }

    /// Takes the line away before an error is told.
    func clear() {
        line.text = { "" }
        line.clear()
    }

    /// Such as `1 job`, `2,000 jobs`.
    static func jobs(_ count: Int) -> String { count == 1 ? "1 job" : "\(HumanTime.grouped(count)) jobs" }
}
