import Glibc
import RoostCore
import Synchronization
import Testing

@testable import RoostPersistence

struct HistoryFileTests {
    let folder = TemporaryFolder()
    private var path: String { folder.file("jobs.sqlite") }
    private var history: HistoryFile { HistoryFile(path: path) }

    /// A history with a job in every final state, a running and a pending one.
    private func fill(_ store: SQLiteJobStore) async throws -> [Job] {
        var jobs: [Job] = []
        for (number, status) in [JobStatus.completed, .failed, .cancelled, .running, .pending].enumerated() {
            var job = Job.sample(at: .sample + Int64(number) * 60_000, input: "x = '\u{0}é \(number)'\n")
            job.summary.session = number == 1 ? "s.1" : nil
            job.summary.client = number == 0 ? nil : "ci"
            if number == 1 { job.webhook = JobWebhook(url: "https://example.com/", receiver: "example.com", note: "") }
            try await store.insert(job)
            if status != .pending { _ = try await store.start(job.id, at: job.summary.createdAt + 5) }
            if status.isFinished {
                let failure = JobFailure(
                    .pythonRuntimeError, message: "no", traceback: "t", line: 1, type: "E", details: ["n": 1])
                var end = JobEnd.sample(
                    status, at: job.summary.createdAt + 20, output: number == 1 ? .rich : JobOutput(stdout: [0x61]),
                    failure: status == .failed ? failure : nil)
                end.progress = number == 0 ? JobProgress(fraction: 0.5, message: "half") : nil
                if number == 1 { end.webhookBody = [1] }
                _ = try await store.finish(job.id, end)
            }
            jobs.append(try #require(try await store.job(job.id)))
        }
        return jobs
    }

    private func export(since: Timestamp? = nil, until: Timestamp? = nil) throws -> [[UInt8]] {
        var lines: [[UInt8]] = []
        let count = try history.export(since: since, until: until) { lines.append($0) }
        #expect(count == lines.count)
        return lines
    }

    @Test func `what is exported beside a server is imported as it was, once`() async throws {
        let store = try await SQLiteJobStore.open(path: path, now: .sample)
        let jobs = try await fill(store)
        var lines = try export()
        #expect(lines.count == 3)
        #expect(lines.allSatisfy { $0.last == 0x0A && $0.dropLast().allSatisfy { $0 != 0x0A } })
        #expect(try export(since: .sample + 60_000).count == 2)
        #expect(try export(since: .sample + 60_000, until: .sample + 61_000).count == 1)
        await store.close()

        lines.insert([0x0A], at: 1)
        let other = TemporaryFolder()
        let target = HistoryFile(path: other.file("new.sqlite"))
        for (added, known) in [(3, 0), (0, 3)] {
            var rest = lines[...]
            let imported = try target.import { rest.popFirst() }
            #expect(imported.added == added && imported.known == known)
        }
        #expect(try target.check() == [])
        let again = try await SQLiteJobStore.open(path: target.path, now: .sample)
        for var job in jobs where job.status.isFinished {
            job.webhook = nil
            #expect(try await again.job(job.id) == job)
        }
        let page = try await again.list(JobQuery(since: .sample, until: .sample + 61_000, order: .asc))
        #expect(page.jobs.map(\.id) == jobs[..<2].map(\.id))
        #expect(try await again.statistics(now: .sample + 1000).lastDay.total.accepted == 0)
        await again.close()
    }

    @Test func `numbers that we do not compute with come back as they were`() throws {
        var job = Job.sample()
        job.summary.status = .completed
        job.summary.completedAt = .sample
        job.summary.durationMilliseconds = 0
        for text in ["12345678901234567890123", "1e999", "0.10", "null", "[1.0,\"\\ud800\"]", "{\"a\":{}}"] {
            job.output.result = JSONText(trusted: Array(text.utf8))
            let read = try JobLine.read(JobLine.write(job))
            #expect(read == job)
        }
    }

    @Test(arguments: [
        ("hello", "JSON"), ("[]", "object"), ("{}", "job_id"), (#"{"job_id":"x"}"#, "UUID"),
        (#"{"job_id":"00000000-0000-0000-0000-000000000001","status":"running"}"#, "status"),
    ])
    func `a line that is no job is refused by its number`(_ line: String, _ part: String) async throws {
        let store = try await SQLiteJobStore.open(path: path, now: .sample)
        _ = try await fill(store)
        await store.close()
        let good = try export()
        var lines = [good[0], Array(line.utf8)][...]
        let target = HistoryFile(path: folder.file("new.sqlite"))
        let error = #expect(throws: HistoryError.self) { _ = try target.import { lines.popFirst() } }
        guard case .line(2, let problem)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(problem.contains(part))
    }

    @Test func `every member of a line is checked`() async throws {
        let store = try await SQLiteJobStore.open(path: path, now: .sample)
        _ = try await fill(store)
        await store.close()
        let line = try export()[1]
        let members = try #require(try JSONParser.parse(line).object)
        for (name, _) in members.members where name != "result" && name != "flags" {
            var broken = members
            broken[name] = [true]
            #expect(throws: JobLine.Problem.self, "\(name)") {
                _ = try JobLine.read(JSON.object(broken).serialized())
            }
        }
    }

    @Test func `what changes the file waits for no server and says whose it is`() async throws {
        let store = try await SQLiteJobStore.open(path: path, now: .sample)
        _ = try await fill(store)
        let held = HistoryError.unusable(StoreOpenError(path: path, reason: .heldBy(pid: getpid())))
        #expect(throws: held) { _ = try history.prune(JobRetention(), now: .sample) }
        #expect(throws: held) { _ = try history.import { nil } }
        #expect(held.description.contains("pid \(getpid())"))
        await store.close()
        #expect(try history.prune(JobRetention(maximumCount: 1), now: .sample) == 2)
        #expect(try history.prune(JobRetention(maximumAgeMilliseconds: 0), now: .sample + 1_000_000) == 1)
        #expect(try history.check() == [])
        #expect(folder.names == ["jobs.sqlite"])
    }

    @Test func `a file that is missing, foreign, older or newer is told apart and left alone`() throws {
        #expect(throws: HistoryError.missing(path)) { _ = try history.check() }
        #expect(throws: HistoryError.missing(path)) { _ = try history.prune(JobRetention(), now: .sample) }
        #expect(folder.names.isEmpty)
        File.write(Array("not a database, but long enough to be looked at as one by whoever opens it".utf8), to: path)
        #expect(throws: HistoryError.self) { _ = try history.check() }
        for (application, steps) in [(7 as Int32, 1), (JobSchema.migrations.applicationID, 1)] {
            let file = folder.file("\(application).sqlite")
            do {
                let connection = try SQLiteConnection(path: file, mode: .create)
                let all = Array(JobSchema.migrations.steps[..<steps])
                try Migrations(applicationID: application, steps: all).apply(to: connection)
            }
            let expected: HistoryError =
                application == 7 ? .unusable(StoreOpenError(path: file, reason: .foreign)) : .older(file)
            #expect(throws: expected) { _ = try HistoryFile(path: file).check() }
        }
    }

    @Test(.timeLimit(.minutes(3))) func `a backup made while a server writes is whole`() async throws {
        let store = try await SQLiteJobStore.open(path: path, now: .sample)
        let jobs = try await fill(store)
        let input = String(repeating: "x", count: 50_000)
        for _ in 0..<200 { try await store.insert(.sample(input: input)) }
        let load = Load()
        let writing = Task {
            while !load.isOver.load(ordering: .relaxed) {
                let job = Job.sample(input: input)
                try await store.insert(job)
                _ = try await store.finish(job.id, .sample())
                load.written.add(1, ordering: .relaxed)
            }
        }
        let target = folder.file("backup.sqlite")
        let history = history
        let reports = try await blocking {
            var reports: [HistoryProgress] = []
            try history.backup(to: target) { report in
                reports.append(report)
                // The server gets on in the middle of it.
                let (before, deadline) = (load.written.load(ordering: .relaxed), ContinuousClock.now + .seconds(20))
                while load.written.load(ordering: .relaxed) == before {
                    guard ContinuousClock.now < deadline else { throw CancellationError() }
                    poll(nil, 0, 1)
                }
            }
            return reports
        }
        load.isOver.store(true, ordering: .relaxed)
        try await writing.value
        #expect(reports.last.map { $0.done == $0.total } == true)
        #expect(File.mode(target) == 0o600)
        #expect(throws: HistoryError.exists(target)) { try history.backup(to: target) }
        await store.close()

        let copy = HistoryFile(path: target)
        #expect(try copy.check() == [])
        let again = try await SQLiteJobStore.open(path: target, now: .sample)
        #expect(try await again.job(jobs[1].id)?.output == .rich)
        #expect(try await again.list(JobQuery()).total >= 205)
        await again.close()
        #expect(!folder.names.contains { $0.contains(".part") })
    }

    @Test func `a backup that is given up leaves nothing`() async throws {
        let store = try await SQLiteJobStore.open(path: path, now: .sample)
        await store.close()
        #expect(throws: CancellationError.self) {
            try history.backup(to: folder.file("b.sqlite")) { _ in throw CancellationError() }
        }
        #expect(throws: HistoryError.self) { try history.backup(to: folder.file("none/b.sqlite")) }
        #expect(folder.names == ["jobs.sqlite"])
    }

    @Test func `a check finds what does not agree, beside a server`() async throws {
        let store = try await SQLiteJobStore.open(path: path, now: .sample)
        _ = try await fill(store)
        #expect(try history.check() == [])
        for (change, finding) in [
            ("UPDATE job_totals SET total = total + 1 WHERE status = 'failed'", "total: kept 2 jobs"),
            ("UPDATE job_minutes SET last_seq = 0", "time: job row 1"),
            ("UPDATE webhook_totals SET total = 7", "webhooks: counted 1"),
            ("DELETE FROM job_contents WHERE seq = 2", "contents: job row 2"),
            (
                "PRAGMA foreign_keys = OFF; INSERT INTO job_parts VALUES (9, 99, 0, 0, 0, 0, x'', x'', '[]')",
                "foreign key: job_parts row 9"
            ),
        ] {
            try await store.onWriter { connection throws(SQLiteError) in
                // A pragma for foreign keys has no effect within a transaction.
                try connection.executeScript("COMMIT; " + change + "; BEGIN IMMEDIATE")
            }
            let found = try history.check()
            #expect(found.contains { $0.hasPrefix(finding) }, "\(finding): \(found)")
        }
        await store.close()
    }
}

/// What a test shares with a task of its own.
private final class Load: Sendable {
    let isOver = Atomic<Bool>(false)
    let written = Atomic<Int>(0)
}
