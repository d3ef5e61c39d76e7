internal import RoostCore

/// One job for a person to read.
struct JobPage {
    /// Lines shown of each text on a terminal.
    private static let shownLines = 20

    private let job: JSON
    private let now: Timestamp
    private let style: Style
    private let isTerminal: Bool

    init(_ job: JSON, now: Timestamp, terminal: Terminal) {
        self.job = job
        self.now = now
        style = terminal.style
        isTerminal = terminal.isTerminal
    }

    var text: String {
        var page = ""
        for (name, value) in facts where !value.isEmpty {
            page += style.dim(DisplayWidth.pad(name, to: 11)) + value + "\n"
        }
        page += section("Code", job["code"]?.string, whole: "--code")
        page += section("Output", job["output"]?.string, whole: "--output")
        page += section("Standard error", job["stderr"]?.string, whole: "--output")
        if let result = job["result"], result != .null {
            page += section("Result", String(decoding: result.serialized(), as: UTF8.self), whole: "--json")
        }
        if let error = job["error"], error != .null {
            page += section("Error", error["traceback"]?.string ?? error["message"]?.string, whole: "--json")
        }
        return page
    }

    private var facts: [(String, String)] {
        let status = word("status")
        let failure = job["error"]?["code"]?.string.map { " (\(SafeText.line($0)))" } ?? ""
        let timeout = job["timeout"]?.double.map { "of at most \(Self.limit($0))" }
        let duration = JobLine(job, now: now).duration.map { HumanTime.duration(milliseconds: $0) }
        return [
            ("Job", style.bold(word("id"))),
            ("Status", JobLine.paint(status)(style, status) + failure),
            ("Progress", progress), ("Handler", word("handler")), ("Session", word("session")),
            ("Client", word("client")), ("Created", time("created_at", withAge: true)),
            ("Started", time("started_at")),
            ("Ended", time("completed_at")),
            ("Time", [duration, duration == nil ? nil : timeout].compactMap { $0 }.joined(separator: " ")),
            ("Webhook", webhook), ("Note", notes),
        ]
    }

    private var progress: String {
        guard let progress = job["progress"], let fraction = progress["fraction"]?.double else { return "" }
        let message = SafeText.line(progress["message"]?.string ?? "")
        return "\(Self.whole(fraction * 100)) %" + (message.isEmpty ? "" : "  \(message)")
    }

    private var webhook: String {
        guard let webhook = job["webhook"], let url = webhook["url"]?.string else { return "" }
        let status = SafeText.line(webhook["status"]?.string ?? "")
        return "\(SafeText.line(url)) (\(status), \(webhook["attempts"]?.int ?? 0) attempts)"
    }

    private var notes: String {
        let flags = [
            ("truncated", "output beyond the limit was dropped"),
            ("logs_truncated", "log entries were dropped"),
            ("result_truncated", "the result was cut"), ("session_reset", "its session had to begin anew"),
        ]
        return flags.filter { job[$0.0]?.bool == true }.map(\.1).joined(separator: ", ")
    }

    private func word(_ name: String) -> String { SafeText.line(job[name]?.string ?? "") }

    private func time(_ name: String, withAge: Bool = false) -> String {
        guard let time = job[name]?.string.flatMap(Timestamp.init(text:)) else { return "" }
        // 2026-11-29T14:22:16.041Z is for machines.
        let text = time.description.map { $0 == "T" ? " " : $0 == "Z" ? " UTC" : String($0) }.joined()
        return isTerminal && withAge ? text + style.dim("  \(HumanTime.age(of: time, now: now))") : text
    }

    private func section(_ title: String, _ text: String?, whole option: String) -> String {
        guard let text, !text.isEmpty else { return "" }
        var lines = SafeText.lines(text).split(separator: "\n", omittingEmptySubsequences: false)[...]
        while lines.last?.isEmpty == true { lines.removeLast() }
        guard !lines.isEmpty else { return "" }
        var rest = ""
        if isTerminal, lines.count > Self.shownLines {
            rest =
                "  "
                + style.dim("… \(HumanTime.grouped(lines.count - Self.shownLines)) more lines; see \(option)")
                + "\n"
            lines = lines.prefix(Self.shownLines)
        }
        return "\n" + style.bold(title) + "\n" + lines.map { $0.isEmpty ? "\n" : "  \($0)\n" }.joined() + rest
    }

    private static func limit(_ seconds: Double) -> String {
        seconds == seconds.rounded()
            ? HumanTime.duration(seconds: whole(seconds))
            : HumanTime.duration(milliseconds: whole(seconds * 1000))
    }

    /// Held within what an integer takes.
    private static func whole(_ value: Double) -> Int { value > 0 ? Int(min(value, 1e15)) : 0 }
}
