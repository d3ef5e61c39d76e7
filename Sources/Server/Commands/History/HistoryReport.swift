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
    /// - Parameters:
    ///   - progress: What is done, and how much there is.
    ///   - fraction: How far it is, where it does not say how much there is.
    /// - Throws: ``ClientError/interrupted(signal:)``.
    func take(_ progress: HistoryProgress, fraction: Double?) throws {
        if let signal = interrupts.take() {
            line.clear()
            throw ClientError.interrupted(signal: signal)
        }
        guard terminal.isTerminal, shownAt.duration(to: .now) > .milliseconds(100) else { return }
        shownAt = .now
        let elapsed = Int(startedAt.duration(to: .now) / .milliseconds(1))
        let count = "\(HumanTime.grouped(progress.done)) \(progress.unit)"
        let text: String
        let share = progress.total.flatMap { $0 > 0 ? Double(progress.done) / Double($0) : nil } ?? fraction
        if let share {
            text = ProgressBar.line(
                fraction: share, message: count, elapsed: elapsed, columns: line.columns, style: line.style)
        } else {
            text = count + line.style.dim("  \(HumanTime.duration(seconds: elapsed / 1000))")
        }
        line.text = { text }
        line.update()
    }

    /// The same for what says how much there is, or nobody knows.
    func take(_ progress: HistoryProgress) throws { try take(progress, fraction: nil) }

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
