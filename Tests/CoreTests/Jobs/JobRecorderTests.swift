@testable import RoostCore
import Testing

/// The recorder behind a reference, since `#expect` cannot call a mutating method.
private final class Recording {
    private var recorder: JobRecorder
    private let time = Timestamp(milliseconds: 1000)
    /// Added to the time of reports.
    var elapsed: Int64 = 0

    init(_ limits: JobLimits = JobLimits()) {
        let summary = JobSummary(
            id: JobID(high: 1, low: 2), handler: "test", lane: "test", createdAt: time, timeoutMilliseconds: 1000)
        recorder = JobRecorder(job: Job(summary: summary, input: ""), limits: limits, at: time)
    }

    var job: Job { recorder.job }
    func write(_ text: String, to stream: LiveJob.Stream = .stdout) { recorder.write(Array(text.utf8), to: stream, at: time) }
    func write(_ bytes: [UInt8]) { recorder.write(bytes, to: .stdout, at: time) }
    func log(_ message: String) { recorder.addLog(.warning, message, at: time) }
    func report(_ fraction: Double) {
        recorder.report(JobProgress(fraction: fraction, message: ""), at: Timestamp(milliseconds: 1000 + elapsed))
    }
    func event(at cursor: JobEventCursor) -> (JobEvent, JobEventCursor)? { recorder.event(at: cursor) }
    /// What a reader who begins now gets.
    func read() -> [String] {
        var cursor = JobEventCursor()
        var told: [String] = []
        while let (event, next) = recorder.event(at: cursor) {
            cursor = next
            switch event.kind {
            case .status: told.append("status")
            case .log: told.append("log")
            case .progress(let progress): told.append("progress \(progress.fraction) after \(event.number)")
            case .done: told.append("done")
            default: told.append("other")
            }
        }
        return told
    }
    func event(_ number: Int) -> JobEvent.Kind? { recorder.event(number)?.kind }
    func end(_ outcome: JobOutcome = .completed(result: nil)) -> JobEnd {
        recorder.end(.completed, outcome: outcome, failure: nil, at: time, duration: 5)
    }
    func done() { recorder.done(at: time) }
    var eventCount: Int { recorder.eventCount }
}

@Suite struct `Job recorder` {
    @Test func `makes a log entry of each whole line and of what is left at the end, in order`() {
        let recording = Recording()
        recording.write("one\ntw")
        recording.write("bad\n", to: .stderr)
        recording.write("o\n\nlast")
        #expect(recording.job.output.logs.map(\.message) == ["one", "bad", "two", ""])
        #expect(recording.job.output.logs.map(\.level) == [.info, .error, .info, .info])
        let end = recording.end()
        #expect(end.output.logs.map(\.message) == ["one", "bad", "two", "", "last"])
        #expect(end.output.stdout == Array("one\ntwo\n\nlast".utf8))
        #expect(end.output.stderr == Array("bad\n".utf8))
    }

    @Test func `repairs what is no UTF-8 in log entries and keeps the bytes of the output`() {
        let recording = Recording()
        recording.write([0x61, 0xFF, 0x0A])
        #expect(recording.job.output.logs.first?.message == "a\u{FFFD}")
        #expect(recording.job.output.stdout == [0x61, 0xFF, 0x0A])
    }

    @Test func `drops output beyond the limit and says so`() {
        let recording = Recording(JobLimits(maximumOutputBytes: 4))
        recording.write("ab")
        #expect(!recording.job.output.isTruncated)
        recording.write("cdef\n")
        recording.write("more\n")
        #expect(recording.job.output.stdout == Array("abcd".utf8))
        #expect(recording.job.output.isTruncated)
        recording.write("err\n", to: .stderr)
        #expect(recording.job.output.stderr == Array("err\n".utf8))
    }

    @Test func `keeps as many log entries as may be and cuts a long one`() {
        let recording = Recording(JobLimits(maximumLogEntries: 2, maximumLogEntryBytes: 5))
        recording.log("123456789")
        recording.write("abcdefgh\n")
        #expect(!recording.job.output.logsAreTruncated)
        recording.log("one too many")
        #expect(recording.job.output.logs.map(\.message) == ["12345", "abcde"])
        #expect(recording.job.output.logsAreTruncated)
    }

    @Test func `bounds all log messages together`() {
        let recording = Recording(JobLimits(maximumOutputBytes: 10))
        recording.log("123456")
        recording.log("789012")
        #expect(recording.job.output.logs.map(\.message) == ["123456"])
        #expect(recording.job.output.logsAreTruncated)
    }

    @Test func `joins output that nobody has read yet into one event, and never changes one that was read`() {
        let recording = Recording()
        recording.write("a")
        recording.write("b")
        #expect(recording.event(1) == .status(.pending))
        #expect(recording.event(2) == .stdout(Array("ab".utf8)))
        recording.write("c")
        #expect(recording.event(2) == .stdout(Array("ab".utf8)))
        #expect(recording.event(3) == .stdout(Array("c".utf8)))
        #expect(recording.event(4) == nil)
        #expect(recording.event(0) == nil)
        #expect(recording.event(.max) == nil)
    }

    @Test func `keeps of progress only the latest report, however often it is read`() {
        let recording = Recording()
        var cursor = JobEventCursor()
        var told: [Double] = []
        recording.write("before\n")
        for step in 0..<100_000 {
            recording.report(Double(step) / 100_000)
            recording.elapsed += 1
            while step % 10_000 == 0, let (event, next) = recording.event(at: cursor) {
                cursor = next
                if case .progress(let progress) = event.kind { told.append(progress.fraction) }
            }
        }
        #expect(recording.eventCount == 3, "the state, the output and its log entry")
        #expect(told == (0..<10).map { Double($0) / 10 })
        #expect(recording.job.progress?.fraction == 0.99999)
    }

    @Test func `tells progress where it happened, to each reader once, and the last before the end`() {
        let recording = Recording()
        recording.log("one")
        recording.report(0.5)
        recording.log("two")
        #expect(recording.read() == ["status", "log", "progress 0.5 after 2", "log"])
        recording.report(0.75)
        _ = recording.end()
        recording.done()
        #expect(recording.read() == ["status", "log", "log", "progress 0.75 after 3", "status", "done"])
        #expect(recording.job.progress?.fraction == 0.75, "how far it came")
    }

    @Test func `tells of a flood of reports no more than a hundred a second, and the last`() {
        let recording = Recording()
        var cursor = JobEventCursor()
        var told = 0
        for step in 1...10_050 {
            // A tenth of a second.
            if step % 100 == 0 { recording.elapsed += 1 }
            recording.report(Double(step) / 10_050)
            while let (_, next) = recording.event(at: cursor) {
                cursor = next
                told += 1
            }
        }
        #expect(told - 1 <= 210, "the state, the burst and ten more")
        #expect(recording.job.progress?.fraction == 1)
        _ = recording.end()
        recording.done()
        guard case .progress(let last)? = recording.event(at: cursor)?.0.kind else {
            Issue.record("the last report comes before the end")
            return
        }
        #expect(last.fraction == 1)
    }

    @Test func `cuts a long message of progress`() {
        let progress = JobProgress(fraction: 1, message: String(repeating: "a", count: 5000))
        #expect(progress.message.utf8.count == JobProgress.maximumMessageBytes)
    }

    @Test(arguments: [(Double.nan, 0), (-1, 0), (2, 1), (.infinity, 1), (0.5, 0.5)] as [(Double, Double)])
    func `holds progress between 0 and 1`(given: Double, kept: Double) {
        #expect(JobProgress(fraction: given, message: "").fraction == kept)
    }

    @Test func `ends with the result, the last state and done`() throws {
        let recording = Recording()
        let result = try JSONText(validating: Array("[1]".utf8))
        _ = recording.end(.completed(result: result))
        recording.done()
        #expect(recording.event(2) == .result(result))
        #expect(recording.event(3) == .status(.completed))
        #expect(recording.event(4) == .done(recording.job))
        #expect(recording.job.summary.durationMilliseconds == 5)
    }
}
