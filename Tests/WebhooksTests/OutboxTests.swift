import Glibc
import RoostCore
import RoostPersistence
import RoostWebhooks
import Synchronization
import Testing

/// The outbox in the real database, filled by the real queue.
@Suite struct OutboxTests {
    @Test func `the end of a job makes its webhook due, in the same transaction`() async throws {
        let place = try OutboxPlace()
        let store = try await place.open()
        let id = JobID.generate(at: place.now)
        try await store.insert(place.job(id))
        #expect(try await store.job(id)?.webhook?.state == .waiting)
        #expect(try await store.webhooksDue(at: place.later, excluding: [], limit: 10).due == [])
        let before = store.commits
        #expect(try await store.finish(id, place.end(webhook: Array("{}".utf8))))
        #expect(store.commits == before + 1)
        let webhook = try #require(try await store.job(id)?.webhook)
        #expect(webhook.state == .pending)
        #expect(webhook.attempts == 0)
        #expect(webhook.nextAttemptAt == place.now)
        let agenda = try await store.webhooksDue(at: place.now, excluding: [], limit: 10)
        #expect(agenda == WebhookAgenda(due: [.init(id: id, receiver: "e.com:80/")], nextAt: nil))
        #expect(try await store.webhookMessage(of: id) == WebhookMessage(id: id, url: "http://e.com/", body: Array("{}".utf8)))
        await store.close()
    }

    @Test func `the queue has the body made of the job as it ended, and rings`() async throws {
        let place = try OutboxPlace()
        let store = try await place.open()
        let queue = place.queue(store)
        let rings = Mutex(0)
        queue.onWebhookDue { rings.withLock { $0 += 1 } }
        let id = try await place.run(queue)
        let message = try #require(try await store.webhookMessage(of: id))
        #expect(String(decoding: message.body, as: UTF8.self) == "{\"status\":\"completed\",\"note\":\"a note\"}")
        try await wait { rings.withLock { $0 } == 1 }
        await store.close()
    }

    @Test func `a job that a restart found cut off gets its body then, and its handler makes it`() async throws {
        let place = try OutboxPlace()
        let first = try await place.open()
        let (waits, ends) = (JobID.generate(at: place.now), JobID.generate(at: place.now))
        try await first.insert(place.job(waits))
        try await first.insert(place.job(ends, handler: "gone"))
        await first.close()

        let store = try await place.open()
        #expect(store.recoveredJobs == 2)
        #expect(Set(try await store.webhooksWithoutBody(limit: 10)) == [waits, ends])
        let transport = FakeTransport()
        let service = place.service(store, transport)
        await service.start()
        let sent = try await transport.next()
        #expect(sent.id == "msg_\(waits)")
        #expect(sent.body == "{\"status\":\"failed\",\"note\":\"a note\"}")
        await transport.answer(.answered(status: 200, retryAfter: nil))
        try await place.wait(store, waits, .delivered)
        let webhook = try await place.wait(store, ends, .failed)
        #expect(webhook.lastError == "no handler makes its body")
        await service.stop(within: .seconds(1))
        await store.close()
    }

    @Test func `a webhook goes with its job`() async throws {
        let place = try OutboxPlace()
        let store = try await place.open()
        let id = JobID.generate(at: place.now)
        try await store.insert(place.job(id))
        _ = try await store.finish(id, place.end(webhook: [0x7B, 0x7D]))
        _ = try await store.remove(id)
        #expect(try await store.webhookMessage(of: id) == nil)
        #expect(try await store.webhooksDue(at: place.later, excluding: [], limit: 10).due == [])
        let attempt = WebhookAttempt(
            previousAttempts: 0, at: place.now, endedAt: place.now, state: .delivered, status: 200, error: nil,
            nextAttemptAt: nil)
        #expect(try await store.saveWebhook(attempt, of: id) == false)
        #expect(try await store.retryWebhook(of: id, at: place.now) == false)
        await store.close()
    }

    @Test func `retention takes the webhooks of the jobs that it takes`() async throws {
        let place = try OutboxPlace()
        let store = try await place.open()
        let id = JobID.generate(at: place.now)
        try await store.insert(place.job(id))
        _ = try await store.finish(id, place.end(webhook: [0x7B, 0x7D]))
        var retention = JobRetention()
        retention.maximumCount = 0
        #expect(try await store.sweep(retention, now: place.later) == 1)
        #expect(try await store.webhooksDue(at: place.later, excluding: [], limit: 10).due == [])
        await store.close()
    }

    @Test func `an attempt is kept once, and asks for the next one`() async throws {
        let place = try OutboxPlace()
        let store = try await place.open()
        let id = JobID.generate(at: place.now)
        try await store.insert(place.job(id))
        _ = try await store.finish(id, place.end(webhook: [0x7B, 0x7D]))
        let next = Timestamp(milliseconds: place.now.milliseconds + 5000)
        let attempt = WebhookAttempt(
            previousAttempts: 0, at: place.now, endedAt: place.now, state: .pending, status: 500,
            error: "answered with status 500", nextAttemptAt: next)
        #expect(try await store.saveWebhook(attempt, of: id))
        #expect(try await store.saveWebhook(attempt, of: id) == false)
        let webhook = try #require(try await store.job(id)?.webhook)
        #expect(webhook.attempts == 1)
        #expect(webhook.lastStatus == 500)
        #expect(webhook.lastError == "answered with status 500")
        #expect(webhook.nextAttemptAt == next)
        #expect(try await store.webhooksDue(at: place.now, excluding: [], limit: 10) == WebhookAgenda(due: [], nextAt: next))
        let message = try #require(try await store.webhookMessage(of: id))
        #expect((message.attempts, message.round, message.roundStartedAt) == (1, 1, place.now))
        // Asked for again: the schedule begins anew, the count goes on.
        #expect(try await store.retryWebhook(of: id, at: place.later))
        let again = try #require(try await store.webhookMessage(of: id))
        #expect((again.attempts, again.round, again.roundStartedAt) == (1, 0, nil))
        #expect(again.body == message.body)
        await store.close()
    }

    @Test func `receivers and whole hosts can be left out of the question`() async throws {
        let place = try OutboxPlace()
        let store = try await place.open()
        for receiver in ["a:80/x", "a:80/y/z", "b:80/x", "b:8"] {
            let id = JobID.generate(at: place.now)
            try await store.insert(place.job(id, receiver: receiver))
            _ = try await store.finish(id, place.end(webhook: [0x7B, 0x7D]))
        }
        func left(_ excluded: [String]) async throws -> Set<String> {
            Set(try await store.webhooksDue(at: place.now, excluding: excluded, limit: 9).due.map(\.receiver))
        }
        #expect(try await left(["a:80/x"]) == ["a:80/y/z", "b:80/x", "b:8"])
        #expect(try await left(["a:80", "b:8"]) == ["b:80/x"])
        #expect(try await left(["a", "a:80/", "a:80/y", "/"]).count == 4)
        #expect(try await store.webhooksDue(at: place.now, excluding: [], limit: 2).due.count == 2)
        await store.close()
    }

    @Test func `what failed is sent again with the same id and body and a new time`() async throws {
        let place = try OutboxPlace()
        let store = try await place.open()
        let transport = FakeTransport()
        let secret = try #require(WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let service = place.service(store, transport, secrets: [secret])
        await service.start()
        let queue = place.queue(store)
        queue.onWebhookDue { service.wake() }
        let id = try await place.run(queue)
        var sent: [FakeTransport.Sent] = []
        for status in [500, 302, 200] {
            sent.append(try await transport.next())
            await transport.answer(.answered(status: status, retryAfter: nil))
        }
        let webhook = try await place.wait(store, id, .delivered)
        #expect(webhook.attempts == 3)
        #expect(webhook.lastStatus == 200)
        #expect(webhook.lastError == nil)
        #expect(webhook.deliveredAt != nil)
        #expect(Set(sent.map(\.id)) == ["msg_\(id)"])
        #expect(Set(sent.map(\.body)).count == 1)
        for one in sent {
            let seconds = try #require(Int64(one.fields["webhook-timestamp"] ?? ""))
            #expect(
                one.fields["webhook-signature"]
                    == WebhookSignature.sign(
                        id: one.id, seconds: seconds, body: Array(one.body.utf8), secret: secret))
            #expect(one.fields["Content-Type"] == "application/json")
        }
        await service.stop(within: .seconds(1))
        await store.close()
    }

    @Test func `a receiver that hangs delays no other`() async throws {
        let place = try OutboxPlace()
        let store = try await place.open()
        let transport = FakeTransport()
        let service = place.service(store, transport)
        for number in 0..<40 {
            let id = JobID.generate(at: place.now)
            try await store.insert(place.job(id, receiver: "slow:80/", url: "http://slow/?\(number)"))
            _ = try await store.finish(id, place.end(webhook: [0x7B, 0x7D]))
        }
        let quick = JobID.generate(at: place.now)
        try await store.insert(place.job(quick, receiver: "quick:80/", url: "http://quick/"))
        _ = try await store.finish(quick, place.end(webhook: [0x7B, 0x7D], after: 1))
        await service.start()
        // Nobody answers the first four; the last one comes all the same.
        var urls: Set<String> = []
        while !urls.contains("http://quick/") { urls.insert(try await transport.next().url) }
        #expect(urls.count <= 5)
        await service.stop(within: .zero)
        await store.close()
    }

    @Test func `a stop gives up what is under way, and it is sent again after the next start`() async throws {
        let place = try OutboxPlace()
        let store = try await place.open()
        let transport = FakeTransport()
        let service = place.service(store, transport)
        let id = JobID.generate(at: place.now)
        try await store.insert(place.job(id))
        _ = try await store.finish(id, place.end(webhook: [0x7B, 0x7D]))
        await service.start()
        _ = try await transport.next()
        await service.stop(within: .zero)
        #expect(try await store.job(id)?.webhook?.attempts == 0)
        let second = FakeTransport()
        let other = place.service(store, second)
        await other.start()
        #expect(try await second.next().id == "msg_\(id)")
        await second.answer(.answered(status: 204, retryAfter: nil))
        try await place.wait(store, id, .delivered)
        await other.stop(within: .seconds(1))
        await store.close()
    }

    @Test func `a retry is refused for a job without a webhook or without an end`() async throws {
        let place = try OutboxPlace()
        let store = try await place.open()
        let queue = place.queue(store)
        let plain = JobID.generate(at: place.now)
        var job = place.job(plain)
        job.webhook = nil
        try await store.insert(job)
        _ = try await store.finish(plain, place.end(webhook: nil))
        await #expect(throws: APIFailure.self) { try await queue.retryWebhook(plain) }
        #expect(try await queue.retryWebhook(JobID(high: 1, low: 1)) == nil)
        let waiting = JobID.generate(at: place.now)
        try await store.insert(place.job(waiting))
        await #expect(throws: APIFailure.self) { try await queue.retryWebhook(waiting) }
        await store.close()
    }
}
