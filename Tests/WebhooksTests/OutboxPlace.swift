import Glibc
import RoostCore
import RoostPersistence
import RoostWebhooks
import Testing

/// A database of a test's own, and what is needed around it.
final class OutboxPlace: Sendable {
    let folder: String
    let now = Timestamp(milliseconds: 1_700_000_000_000)
    var later: Timestamp { Timestamp(milliseconds: now.milliseconds + 1_000_000) }

    init() throws {
        var template = Array("/tmp/roost-webhooks-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { throw Failure("mkdtemp") }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        for name in ["jobs.sqlite", "jobs.sqlite-wal", "jobs.sqlite-shm", "jobs.sqlite.lock"] {
            unsafe unlink(folder + "/" + name)
        }
        unsafe rmdir(folder)
    }

    func open() async throws -> SQLiteJobStore {
        var options = SQLiteStoreOptions()
        // A test counts commits, and those of the search index come when they come.
        options.indexPause = .seconds(3600)
        return try await SQLiteJobStore.open(path: folder + "/jobs.sqlite", options: options, now: now)
    }

    func job(
        _ id: JobID, handler: String = "test", receiver: String = "e.com:80/", url: String = "http://e.com/"
    ) -> Job {
        Job(
            summary: JobSummary(id: id, handler: handler, lane: "test", createdAt: now, timeoutMilliseconds: 1000),
            input: "x", webhook: JobWebhook(url: url, receiver: receiver, note: "a note"))
    }

    func end(webhook: [UInt8]?, after milliseconds: Int64 = 0) -> JobEnd {
        JobEnd(
            status: .completed, completedAt: Timestamp(milliseconds: now.milliseconds + milliseconds),
            durationMilliseconds: 1, output: JobOutput(), failure: nil, webhookBody: webhook)
    }

    func queue(_ store: any JobStore) -> JobQueue {
        JobQueue(
            store: store, lanes: [JobLane(name: "test", width: 2)], logger: Logger(level: .error) { _ in },
            now: { [now] in now })
    }

    func service(
        _ store: any WebhookStore, _ transport: any WebhookTransport, secrets: [WebhookSecret] = []
    ) -> WebhookService {
        var schedule = WebhookSchedule()
        schedule.pauses = [.milliseconds(1)]
        return WebhookService(
            store: store, transport: transport, secrets: secrets, bodies: ["test": TestBodies()], userAgent: "Test",
            schedule: schedule, logger: Logger(level: .error) { _ in },
            now: {
                var time = timespec()
                unsafe clock_gettime(CLOCK_REALTIME, &time)
                return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
            })
    }

    /// Runs a job with a webhook to its end.
    func run(_ queue: JobQueue) async throws -> JobID {
        let request = JobRequest(
            input: "x", timeoutMilliseconds: 60_000,
            webhook: WebhookRequest(url: "http://e.com/", receiver: "e.com:80/", note: "a note", bodies: TestBodies()))
        let handle = try await queue.submit(request, handler: "test", lane: "test") { _ in .completed(result: nil) }
        _ = try await handle.finished()
        return handle.id
    }

    @discardableResult
    func wait(_ store: any JobStore, _ id: JobID, _ state: WebhookState) async throws -> JobWebhook {
        var found: JobWebhook?
        try await WebhooksTests.wait {
            found = try await store.job(id)?.webhook
            return found?.state == state
        }
        return try #require(found)
    }
}

struct Failure: Error { init(_ what: String) {} }

/// Waits until the condition holds; only a hang reaches the end of its patience.
func wait(_ condition: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while try await !condition() {
        guard ContinuousClock.now < deadline else { throw Failure("not in time") }
        try await Task.sleep(for: .milliseconds(5))
    }
}

struct TestBodies: WebhookBodies {
    func webhookBody(of job: Job, note: String) async -> [UInt8] {
        JSON.object(["status": .string(job.status.rawValue), "note": .string(note)]).serialized()
    }
}

/// Sends nothing: a test takes what is sent and says what came of it.
actor FakeTransport: WebhookTransport {
    struct Sent: Sendable {
        let url: String
        let fields: [String: String]
        let body: String
        var id: String { fields["webhook-id"] ?? "" }
    }

    private var sent: [Sent] = []
    private var unanswered: [CheckedContinuation<WebhookResult, Never>] = []
    private var isClosed = false

    func post(
        _ url: String, fields: [(name: String, value: String)], body: [UInt8], timeout: Duration
    ) async -> WebhookResult {
        guard !isClosed else { return .failed("closed") }
        sent.append(
            Sent(
                url: url, fields: Dictionary(fields.map { ($0.name, $0.value) }) { $1 },
                body: String(decoding: body, as: UTF8.self)))
        return await withCheckedContinuation { unanswered.append($0) }
    }

    func close() {
        isClosed = true
        for one in unanswered { one.resume(returning: .failed("closed")) }
        unanswered = []
    }

    /// The next one that was sent.
    func next() async throws -> Sent {
        let deadline = ContinuousClock.now + .seconds(60)
        while sent.isEmpty {
            guard ContinuousClock.now < deadline else { throw Failure("nothing was sent") }
            try await Task.sleep(for: .milliseconds(5))
        }
        return sent.removeFirst()
    }

    /// Answers the one that has waited longest.
    func answer(_ result: WebhookResult) { unanswered.removeFirst().resume(returning: result) }
}
