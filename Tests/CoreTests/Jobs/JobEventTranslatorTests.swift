@testable import RoostCore
import Testing

@Suite struct `Job events on the wire` {
    private static let time = Timestamp(milliseconds: 0)

    private static func events(_ kinds: [JobEvent.Kind]) -> [JobEvent] {
        kinds.enumerated().map { JobEvent(number: $0.offset + 1, timestamp: time, kind: $0.element) }
    }

    private static func job(stdout: String, stderr: String = "") throws -> Job {
        let summary = JobSummary(
            id: JobID(high: 1, low: 2), handler: "test", lane: "test", status: .completed, createdAt: time,
            startedAt: time, completedAt: time, durationMilliseconds: 1, timeoutMilliseconds: 1)
        let log = JobLogEntry(level: .warning, message: "careful", timestamp: time)
        let output = JobOutput(
            stdout: Array(stdout.utf8), stderr: Array(stderr.utf8), logs: [log],
            result: try JSONText(validating: [0x31]))
        return Job(summary: summary, input: "", output: output)
    }

    private static func translate(
        _ kinds: [JobEvent.Kind], after: JobEventPosition = JobEventPosition()
    ) -> [ServerSentEvent] {
        var translator = JobEventTranslator(after: after) { _ in "the job" }
        return events(kinds).flatMap { translator.translate($0) }
    }

    private static func text(_ events: [ServerSentEvent], _ name: String) -> String {
        events.filter { $0.event == name }
            .compactMap { try? JSONParser.parse(Array(($0.data ?? "").utf8))["text"]?.string }.joined()
    }

    @Test func `have the names and data of the contract`() throws {
        let job = try Self.job(stdout: "a\n")
        let events = Self.translate([
            .status(.pending), .status(.running), .stdout(Array("a\n".utf8)), .stderr(Array("b".utf8)),
            .log(job.output.logs[0]), .progress(JobProgress(fraction: 0.5, message: "half")),
            .result(job.output.result!), .status(.completed), .done(job),
        ])
        let time = #""1970-01-01T00:00:00.000Z""#
        #expect(
            events.map { "\($0.event ?? "") \($0.data ?? "")" } == [
                #"status {"status":"pending","timestamp":\#(time)}"#,
                #"status {"status":"running","timestamp":\#(time)}"#,
                #"stdout {"text":"a\n","timestamp":\#(time)}"#, #"stderr {"text":"b","timestamp":\#(time)}"#,
                #"log {"level":"warning","message":"careful","timestamp":\#(time)}"#,
                #"progress {"fraction":0.5,"message":"half","timestamp":\#(time)}"#, #"result {"result":1}"#,
                #"status {"status":"completed","timestamp":\#(time)}"#, #"done "the job""#,
            ])
        #expect(events.allSatisfy { $0.id.flatMap { JobEventPosition($0) } != nil })
    }

    @Test func `never cut a character, however the output comes`() throws {
        let text = "é€😀 ok"
        let bytes = Array(text.utf8)
        for cut in 0...bytes.count {
            let kinds: [JobEvent.Kind] = [
                .stdout(Array(bytes[..<cut])), .stdout(Array(bytes[cut...])), .status(.completed),
            ]
            let events = Self.translate(kinds)
            #expect(Self.text(events, "stdout") == text)
            #expect(!events.contains { ($0.data ?? "").contains("\u{FFFD}") })
        }
    }

    @Test func `repair what is no UTF-8, and tell an unfinished character at the end`() {
        #expect(Self.text(Self.translate([.stdout([0x61, 0xFF, 0x62])]), "stdout") == "a\u{FFFD}b")
        let events = Self.translate([.stdout([0x61, 0xE2, 0x82]), .status(.completed)])
        #expect(events.map(\.event) == ["stdout", "stdout", "status"])
        #expect(Self.text(events, "stdout") == "a\u{FFFD}")
    }

    @Test func `go on exactly where a client was cut off, live and from the record alike`() throws {
        let job = try Self.job(stdout: "one\ntwo\nthré", stderr: "err")
        let live: [JobEvent.Kind] = [
            .status(.pending), .status(.running), .stdout(Array("one\ntw".utf8)), .stderr(Array("err".utf8)),
            .stdout(Array("o\nthr".utf8) + [0xC3]), .log(job.output.logs[0]), .stdout([0xA9]),
            .result(job.output.result!), .status(.completed), .done(job),
        ]
        let record: [JobEvent.Kind] = [
            .status(.pending), .status(.running), .stdout(job.output.stdout), .stderr(job.output.stderr),
            .log(job.output.logs[0]), .result(job.output.result!), .status(.completed), .done(job),
        ]
        let all = Self.translate(live)
        for (index, event) in all.enumerated() {
            let seen = try #require(event.id.flatMap { JobEventPosition($0) })
            for source in [live, record] {
                let whole = all[...index] + Self.translate(source, after: seen)
                #expect(Self.text(Array(whole), "stdout") == "one\ntwo\nthré", "after event \(index)")
                #expect(Self.text(Array(whole), "stderr") == "err")
                for name in ["status", "log", "result"] {
                    #expect(whole.count { $0.event == name } == all.count { $0.event == name }, "\(name) after \(index)")
                }
            }
        }
        #expect(all.last?.id.flatMap { JobEventPosition($0) }?.isDone == true)
    }

    @Test(arguments: [
        "", "1", "1.2.3.4.5", "1.2.3.4.2.0", "-1.0.0.0.0.0", "a.0.0.0.0.0", "1.1.1.1.1.1.1",
        "9999999999999999999.0.0.0.0.0", "+1.0.0.0.0.0",
    ])
    func `ignore an id that is none of theirs`(text: String) {
        #expect(JobEventPosition(text) == nil)
    }
}
