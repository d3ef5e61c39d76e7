import RoostCore
import Testing

@testable import RoostPython

/// The samples of both documents, as far as the contract keeps them (times have milliseconds).
@Suite struct `Presenters` {
    static let id = JobID("a1b2c3d4-e5f6-7890-abcd-ef1234567890") ?? JobID(high: 0, low: 0)
    static let created = Timestamp(milliseconds: 1_769_256_000_000)
    static let ended = Timestamp(milliseconds: 1_769_256_001_000)

    static func job(_ status: JobStatus, _ change: (inout Job) -> Void = { _ in }) -> Job {
        var summary = JobSummary(
            id: id, handler: "python", lane: "python", status: status, createdAt: created, timeoutMilliseconds: 30_000)
        if status != .pending { summary.startedAt = created }
        if status.isFinished {
            summary.completedAt = ended
            summary.durationMilliseconds = 45
        }
        var job = Job(summary: summary, input: "import unreal\nprint('Hello!')")
        change(&job)
        return job
    }

    static let completed = job(.completed) {
        $0.output.stdout = Array("Hello!\n".utf8)
        $0.output.logs = [JobLogEntry(level: .info, message: "Hello!", timestamp: ended)]
    }

    static let failed = job(.failed) {
        $0.failure = JobFailure(
            .pythonRuntimeError, message: "name 'undefined_var' is not defined",
            traceback: "Traceback (most recent call last):\n…", line: 2, type: "NameError")
    }

    func body(_ response: Response) throws -> JSON {
        guard case .bytes(let bytes) = response.body else { throw HandlerMistake("a stream") }
        return try JSONParser.parse(bytes)
    }

    /// Every member of the sample is there, with its value.
    func expect(_ value: JSON?, includes sample: JSON, _ location: SourceLocation = #_sourceLocation) {
        guard let members = sample.object?.members else {
            #expect(value == sample, sourceLocation: location)
            return
        }
        for (name, member) in members { expect(value?[name], includes: member, location) }
    }

    @Test func `reference, an execution`() throws {
        let response = ReferencePresenter().executed(Self.completed)
        #expect(response.status == .ok)
        expect(
            try body(response),
            includes: [
                "success": true, "job_id": "a1b2c3d4-e5f6-7890-abcd-ef1234567890", "output": "Hello!",
                "logs": [["level": "info", "message": "Hello!", "timestamp": "2026-01-24T12:00:01.000Z"]], "duration_ms": 45,
            ])
    }

    @Test func `reference, a failed execution`() throws {
        let response = ReferencePresenter().executed(Self.failed)
        #expect(response.status == .internalServerError)
        expect(
            try body(response),
            includes: [
                "success": false, "job_id": "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
                "error": [
                    "code": "PYTHON_RUNTIME_ERROR", "message": "name 'undefined_var' is not defined",
                    "traceback": "Traceback (most recent call last):\n…", "line": 2, "type": "NameError",
                ],
                "output": "", "logs": [], "stderr": "", "duration_ms": 45,
            ])
    }

    @Test func `reference, a list`() throws {
        let page = JobPage(
            jobs: [Self.completed.summary, Self.job(.running).summary], total: 42, nextCursor: JobCursor(sequence: 36))
        let value = try body(ReferencePresenter().page(page, limit: 100, offset: 0))
        expect(value, includes: ["success": true, "total": 42, "limit": 100, "offset": 0, "next_cursor": "c10"])
        expect(
            value["jobs"]?.array?.first,
            includes: [
                "job_id": "a1b2c3d4-e5f6-7890-abcd-ef1234567890", "id": "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
                "status": "completed", "created_at": "2026-01-24T12:00:00.000Z", "started_at": "2026-01-24T12:00:00.000Z",
                "completed_at": "2026-01-24T12:00:01.000Z", "duration_ms": 45, "handler": "python",
            ])
        expect(value["jobs"]?.array?.last, includes: ["status": "running", "completed_at": nil, "duration_ms": nil])
    }

    @Test func `reference, one job`() throws {
        expect(
            try body(ReferencePresenter().detail(Self.completed)),
            includes: [
                "success": true,
                "job": [
                    "job_id": "a1b2c3d4-e5f6-7890-abcd-ef1234567890", "status": "completed",
                    "code": "import unreal\nprint('Hello!')", "created_at": "2026-01-24T12:00:00.000Z",
                    "started_at": "2026-01-24T12:00:00.000Z", "completed_at": "2026-01-24T12:00:01.000Z", "duration_ms": 45,
                    "output": "Hello!", "error": nil, "result": nil, "stderr": "", "session": nil, "timeout": 30,
                ],
            ])
        let pending = try body(ReferencePresenter().detail(Self.job(.pending)))
        expect(pending["job"], includes: ["status": "pending", "started_at": nil, "completed_at": nil, "error": nil])
    }

    @Test func `classic, one job`() throws {
        expect(
            try body(ClassicPresenter().detail(Self.completed)),
            includes: [
                "success": true,
                "job": [
                    "id": "a1b2c3d4-e5f6-7890-abcd-ef1234567890", "status": "completed", "output": "Hello!",
                    "logs": ["Hello!"], "duration_ms": 45, "started_at": "2026-01-24T12:00:00.000Z",
                    "ended_at": "2026-01-24T12:00:01.000Z",
                ],
            ])
        let failed = try body(ClassicPresenter().detail(Self.failed))
        #expect(failed["job", "error"] == "NameError: name 'undefined_var' is not defined")
        let running = try body(ClassicPresenter().detail(Self.job(.running)))
        #expect(running["job", "ended_at"] == nil)
        #expect(running["job", "error"] == nil)
    }

    @Test func `flags are there only when true`() throws {
        let cut = Self.job(.completed) {
            $0.output.isTruncated = true
            $0.output.logsAreTruncated = true
            $0.output.resultIsTruncated = true
        }
        for presenter in PythonDialect.allCases.map(\.presenter) {
            for (job, expected) in [(cut, JSON.bool(true)), (Self.completed, nil as JSON?)] {
                let executed = try body(presenter.executed(job))
                let detail = try body(presenter.detail(job))["job"]
                for name in ["truncated", "logs_truncated", "result_truncated"] {
                    #expect(executed[name] == expected)
                    #expect(detail?[name] == expected)
                }
            }
        }
    }

    @Test(arguments: [("", ""), ("\n", ""), ("a\n\n", "a\n"), ("a\r\n", "a\r"), ("a", "a")])
    func `output loses exactly one newline`(_ raw: String, _ shown: String) throws {
        let job = Self.job(.completed) { $0.output.stdout = Array(raw.utf8) }
        let value = try body(ReferencePresenter().executed(job))
        #expect(value["output"]?.string.map { Array($0.utf8) } == Array(shown.utf8))
    }

    @Test func `output that is no UTF-8 is repaired`() throws {
        let job = Self.job(.completed) { $0.output.stdout = [0x61, 0xFF, 0x62, 0x0A] }
        let value = try body(ReferencePresenter().executed(job))
        #expect(value["output"] == "a\u{FFFD}b")
    }

    @Test func `the cause of a dead process is in the details`() throws {
        let job = Self.job(.failed) { $0.failure = OutcomeReader.died(.signalled(11)) }
        let value = try body(ReferencePresenter().executed(job))
        #expect(value["error", "details", "signal"] == "SIGSEGV")
    }
}

extension JSON {
    fileprivate subscript(_ first: String, _ second: String) -> JSON? { self[first]?[second] }
    fileprivate subscript(_ first: String, _ second: String, _ third: String) -> JSON? { self[first]?[second]?[third] }
}
