@testable import RoostCore
import Synchronization
import Testing

private final class Counter: Sendable {
    private let state = Mutex((now: 0, most: 0))
    func enter() {
        state.withLock {
            $0.now += 1; $0.most = max($0.most, $0.now)
        }
    }
    func leave() { state.withLock { $0.now -= 1 } }
    var most: Int { state.withLock { $0.most } }
}

@Suite(.timeLimit(.minutes(5))) struct `Job queue` {
    private let store = InMemoryJobStore()

    private func queue(width: Int = 1, limits: JobLimits = JobLimits()) -> JobQueue {
        JobQueue(
            store: store, lanes: [JobLane(name: "lane", width: width)], limits: limits, logger: .silent,
            now: { Timestamp(milliseconds: 1_769_256_000_000) })
    }

    private func submit(
        _ queue: JobQueue, id: JobID? = nil, timeout: Int = 60_000, startsItself: Bool = false,
        work: @escaping JobWork
    ) async throws -> JobHandle {
        try await queue.submit(
            JobRequest(id: id, input: "input", timeoutMilliseconds: timeout, startsItself: startsItself),
            handler: "test", lane: "lane", work: work)
    }

    @Test func `runs a job and has its end in the store before it tells`() async throws {
        let queue = queue()
        let handle = try await submit(queue) { job in
            job.writeOutput(Array("hello\n".utf8))
            return .completed(result: try JSONText(validating: [0x31]))
        }
        let job = try await handle.finished()
        #expect(job.status == .completed)
        #expect(job.output.stdout == Array("hello\n".utf8))
        #expect(job.summary.startedAt != nil)
        #expect(job.summary.durationMilliseconds != nil)
        #expect(try await store.job(handle.id) == job)
        #expect(queue.handle(handle.id) == nil)
        #expect(try await queue.job(handle.id) == job)
    }

    @Test func `whoever hears of the end can remove the job at once`() async throws {
        let queue = queue(width: 8)
        try await withThrowingTaskGroup(of: JobStatus?.self) { group in
            for _ in 0..<500 {
                group.addTask {
                    let handle = try await submit(queue) { _ in .completed(result: nil) }
                    _ = try await handle.finished()
                    return try await queue.remove(handle.id)
                }
            }
            for try await removed in group { #expect(removed == .completed) }
        }
    }

    @Test func `has the row in the store, pending, before a waiting job starts`() async throws {
        let queue = queue()
        let gate = Gate()
        let first = try await submit(queue) { _ in
            await gate.wait(); return .completed(result: nil)
        }
        let second = try await submit(queue) { _ in .completed(result: nil) }
        #expect(try await store.job(second.id)?.status == .pending)
        #expect(try await queue.job(second.id)?.status == .pending)
        #expect(queue.counts(lane: "lane") == (waiting: 1, running: 1))
        gate.open()
        #expect(try await first.finished().status == .completed)
        #expect(try await second.finished().status == .completed)
    }

    @Test func `never runs more jobs at once than the lane is wide`() async throws {
        let queue = queue(width: 3)
        let counter = Counter()
        var handles: [JobHandle] = []
        for _ in 0..<50 {
            handles.append(
                try await submit(queue) { _ in
                    counter.enter()
                    await Task.yield()
                    counter.leave()
                    return .completed(result: nil)
                })
        }
        for handle in handles { _ = try await handle.finished() }
        #expect(counter.most <= 3)
        #expect(try await store.list(JobQuery(status: .completed)).total == 50)
    }

    @Test func `refuses one job more than may wait, with a time to come back`() async throws {
        let queue = queue(limits: JobLimits(maximumWaiting: 1))
        let gate = Gate()
        _ = try await submit(queue) { _ in
            await gate.wait(); return .completed(result: nil)
        }
        _ = try await submit(queue) { _ in .completed(result: nil) }
        let failure = await #expect(throws: APIFailure.self) {
            try await submit(queue) { _ in .completed(result: nil) }
        }
        #expect(failure?.code == "QUEUE_FULL")
        #expect(failure?.status.code == 429)
        #expect((failure?.fields["Retry-After"]).flatMap { Int($0) }.map { $0 >= 1 } == true)
        #expect(try await store.list(JobQuery()).total == 2)
        gate.open()
    }

    @Test func `refuses an id that is taken, live or finished`() async throws {
        let queue = queue()
        let id = JobID(high: 7, low: 7)
        let handle = try await submit(queue, id: id) { _ in .completed(result: nil) }
        _ = try await handle.finished()
        let failure = await #expect(throws: APIFailure.self) {
            try await submit(queue, id: id) { _ in .completed(result: nil) }
        }
        #expect(failure?.code == "JOB_CONFLICT")
        #expect(queue.counts(lane: "lane") == (waiting: 0, running: 0))
    }

    @Test func `stops a job whose time is over, whatever its work then returns`() async throws {
        let queue = queue()
        let handle = try await submit(queue, timeout: 50) { job in
            job.writeOutput(Array("before".utf8))
            await Gate().wait()
            #expect(job.stopReason == .timeout)
            return .completed(result: nil)
        }
        let job = try await handle.finished()
        #expect(job.status == .failed)
        #expect(job.failure?.code == "TIMEOUT")
        #expect(job.failure?.message == "Execution timed out after 0.05 seconds")
        #expect(job.output.stdout == Array("before".utf8))
    }

    @Test func `rings for the shorter time-out although a longer one was set first`() async throws {
        let queue = queue(width: 2)
        let gate = Gate()
        let long = try await submit(queue, timeout: 300_000) { _ in
            await gate.wait(); return .completed(result: nil)
        }
        let short = try await submit(queue, timeout: 20) { _ in
            await Gate().wait(); return .completed(result: nil)
        }
        #expect(try await short.finished().failure?.code == "TIMEOUT")
        gate.open()
        #expect(try await long.finished().status == .completed)
    }

    @Test func `gives up work that does not stop, and keeps its slot until it ends`() async throws {
        let queue = queue()
        let gate = Gate()
        let handle = try await submit(queue, timeout: 20) { job in
            // Waits where cancellation does not reach.
            await Task.detached { await gate.wait() }.value
            job.writeOutput(Array("late".utf8))
            return .completed(result: nil)
        }
        let job = try await handle.finished()
        #expect(job.failure?.code == "TIMEOUT")
        #expect(queue.counts(lane: "lane").running == 1)
        let next = try await submit(queue) { _ in .completed(result: nil) }
        gate.open()
        #expect(try await next.finished().status == .completed)
        #expect(try await store.job(handle.id)?.output.stdout == [])
    }

    @Test func `cancels a running job and answers when it has stopped`() async throws {
        let queue = queue()
        let handle = try await submit(queue) { _ in
            await Gate().wait(); return .completed(result: nil)
        }
        for await event in handle.events() {
            if event.kind == .status(.running) { break }
        }
        #expect(try await queue.cancel(handle.id) == .cancelled(previous: .running))
        let job = try await handle.finished()
        #expect(job.status == .cancelled)
        #expect(job.failure == nil)
        #expect(try await queue.cancel(handle.id) == .alreadyFinished(.cancelled))
    }

    @Test func `cancels a waiting job, which then never runs`() async throws {
        let queue = queue()
        let gate = Gate()
        let first = try await submit(queue) { _ in
            await gate.wait(); return .completed(result: nil)
        }
        let second = try await submit(queue) { _ in
            Issue.record("a cancelled job ran")
            return .completed(result: nil)
        }
        #expect(try await queue.cancel(second.id) == .cancelled(previous: .pending))
        let job = try await second.finished()
        #expect(job.status == .cancelled)
        #expect(job.summary.startedAt == nil)
        #expect(job.summary.durationMilliseconds == 0)
        gate.open()
        _ = try await first.finished()
    }

    @Test func `knows no unknown job`() async throws {
        let queue = queue()
        let id = JobID(high: 1, low: 1)
        #expect(try await queue.cancel(id) == nil)
        #expect(try await queue.job(id) == nil)
        #expect(try await queue.remove(id) == nil)
    }

    @Test func `counts the time-out from the start that the work declares`() async throws {
        let queue = queue()
        let gate = Gate()
        let handle = try await submit(queue, timeout: 30, startsItself: true) { job in
            await gate.wait()
            try await job.start()
            return .completed(result: nil)
        }
        #expect(handle.current.status == .pending)
        #expect(handle.current.summary.startedAt == nil)
        gate.open()
        #expect(try await handle.finished().status == .completed)
    }

    @Test func `turns what work throws into the failure, without the cause`() async throws {
        struct Secret: Error { let path = "/secret/path" }
        let queue = queue()
        let job = try await submit(queue) { _ in throw Secret() }.finished()
        #expect(job.failure?.code == "SERVER_ERROR")
        #expect(job.failure?.message.contains("secret") == false)
        let own = try await submit(queue) { _ in
            throw JobFailure(code: "OWN", status: .conflict, message: "own")
        }.finished()
        #expect(own.failure?.code == "OWN")
    }

    @Test func `tells everything that happens, to early and late readers alike`() async throws {
        let queue = queue()
        let gate = Gate()
        let handle = try await submit(queue) { job in
            job.writeOutput(Array("a\n".utf8))
            await gate.wait()
            job.log(.warning, "w")
            return .completed(result: try JSONText(validating: [0x31]))
        }
        let early = Task { () -> [JobEvent] in
            var events: [JobEvent] = []
            for await event in handle.events() { events.append(event) }
            return events
        }
        gate.open()
        let job = try await handle.finished()
        let events = await early.value
        #expect(events.map(\.number) == Array(1...events.count))
        #expect(events.first?.kind == .status(.pending))
        #expect(events.last?.kind == .done(job))
        #expect(events.contains { $0.kind == .stdout(Array("a\n".utf8)) })
        var late: [JobEvent] = []
        for await event in handle.events().after(events.count - 1) { late.append(event) }
        #expect(late.map(\.kind) == [.done(job)])
    }

    @Test func `ends what waits and what does not end in time when the server stops, and lets the rest finish`() async throws {
        let queue = queue(width: 2)
        let gate = Gate()
        let quick = try await submit(queue) { _ in
            await gate.wait(); return .completed(result: nil)
        }
        let endless = try await submit(queue) { _ in
            await Gate().wait(); return .completed(result: nil)
        }
        let waiting = try await submit(queue) { _ in .completed(result: nil) }
        await queue.beginDrain()
        #expect(try await waiting.finished().failure?.code == "SERVER_STOPPED")
        let refused = await #expect(throws: APIFailure.self) {
            try await submit(queue) { _ in .completed(result: nil) }
        }
        #expect(refused?.code == "SERVER_STOPPED")
        #expect(refused?.status.code == 503)
        gate.open()
        #expect(try await quick.finished().status == .completed)
        await queue.drain(for: .milliseconds(50))
        #expect(try await endless.finished().failure?.code == "SERVER_STOPPED")
        #expect(try await store.list(JobQuery(status: .running)).total == 0)
    }

    @Test func `saves the output of a running job`() async throws {
        let queue = queue()
        let gate = Gate()
        let handle = try await submit(queue) { job in
            job.writeOutput(Array("so far".utf8))
            await gate.wait()
            return .completed(result: nil)
        }
        let deadline = ContinuousClock.now + .seconds(20)
        while try await store.job(handle.id)?.output.stdout != Array("so far".utf8), ContinuousClock.now < deadline {
            await Task.yield()
        }
        #expect(try await store.job(handle.id)?.output.stdout == Array("so far".utf8))
        gate.open()
        _ = try await handle.finished()
    }
}
