@testable import RoostCore
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(5))) struct `Job queue over a store that is slow or fails` {
    private func queue(_ store: FaultyStore, width: Int = 1) -> JobQueue {
        JobQueue(
            store: store, lanes: [JobLane(name: "lane", width: width)], logger: .silent,
            now: { Timestamp(milliseconds: 1_769_256_000_000) })
    }

    private func submit(
        _ queue: JobQueue, id: JobID? = nil, work: @escaping JobWork = { _ in .completed(result: nil) }
    ) async throws -> JobHandle {
        try await queue.submit(
            JobRequest(id: id, input: "input", timeoutMilliseconds: 60_000), handler: "test", lane: "lane",
            work: work)
    }

    private func until(_ condition: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(20)
        while try await !condition(), ContinuousClock.now < deadline { await Task.yield() }
        #expect(try await condition())
    }

    @Test func `whoever waits for a job that could not be accepted is told`() async throws {
        let gate = Gate()
        var store = FaultyStore()
        store.beforeInsert = { _ async throws(JobStoreError) in
            await gate.wait()
            throw .unavailable("full")
        }
        let queue = queue(store)
        let id = JobID(high: 1, low: 1)
        let accepting = Task { try await submit(queue, id: id) }
        try await until { queue.handle(id) != nil }
        let handle = try #require(queue.handle(id))
        let waiting = Task { try await handle.finished() }
        let draining = Task { await queue.drain(for: .seconds(60)) }
        gate.open()
        await #expect(throws: JobEndUnsaved.self) { try await waiting.value }
        await #expect(throws: APIFailure.self) { try await accepting.value }
        await draining.value
        #expect(queue.handle(id) == nil)
    }

    @Test func `a job cancelled while its row is written ends at once and keeps no place`() async throws {
        let gate = Gate()
        let second = JobID(high: 1, low: 2)
        var store = FaultyStore()
        store.beforeInsert = { id in if id == second { await gate.wait() } }
        let queue = queue(store)
        let running = Gate()
        let first = try await submit(queue) { _ in
            await running.wait(); return .completed(result: nil)
        }
        let accepting = Task { try await submit(queue, id: second) }
        try await until { queue.handle(second) != nil }
        let cancelling = Task { try await queue.cancel(second) }
        let live = try #require(queue.handle(second)?.live)
        try await until { live.stopReason != nil }
        gate.open()
        _ = try await accepting.value
        #expect(try await cancelling.value == .cancelled(previous: .pending))
        #expect(try await store.job(second)?.status == .cancelled)
        #expect(queue.counts(lane: "lane") == (waiting: 0, running: 1))
        running.open()
        _ = try await first.finished()
        #expect(try await submit(queue).finished().status == .completed)
        try await until { queue.counts(lane: "lane") == (waiting: 0, running: 0) }
    }

    @Test func `shows no end that is not in the store yet`() async throws {
        let (gate, reached) = (Gate(), Gate())
        var store = FaultyStore()
        store.beforeFinish = { _ in
            reached.open()
            await gate.wait()
        }
        let queue = queue(store)
        let handle = try await submit(queue) { job in
            job.writeOutput(Array("a\n".utf8))
            return .completed(result: try JSONText(validating: [0x31]))
        }
        await reached.wait()
        let job = try #require(try await queue.job(handle.id))
        #expect(job.status == .running)
        #expect(job.summary.completedAt == nil)
        #expect(job.output.result == nil)
        #expect(job.output.stdout == Array("a\n".utf8))
        let cancelling = Task { try await queue.cancel(handle.id) }
        gate.open()
        #expect(try await cancelling.value == .alreadyFinished(.completed))
        #expect(try await handle.finished().output.result != nil)
    }

    @Test func `a drain writes the ends of all that wait together`() async throws {
        let gate = Gate()
        let written = Mutex(0)
        var store = FaultyStore()
        store.beforeFinish = { _ in
            if written.withLock({
                $0 += 1; return $0 == 20
            }) {
                gate.open()
            }
            await gate.wait()
        }
        let queue = queue(store)
        let running = Gate()
        _ = try await submit(queue) { _ in
            await running.wait(); return .completed(result: nil)
        }
        for _ in 0..<20 { _ = try await submit(queue) }
        await queue.beginDrain()
        #expect(try await store.list(JobQuery(status: .failed)).total == 20)
        running.open()
        await queue.drain(for: .seconds(60))
    }

    @Test func `saves an output again that could not be saved`() async throws {
        let attempts = Mutex(0)
        var store = FaultyStore()
        store.beforeSave = { _ async throws(JobStoreError) in
            if attempts.withLock({
                $0 += 1; return $0 == 1
            }) {
                throw .unavailable("full")
            }
        }
        let queue = queue(store)
        let gate = Gate()
        let handle = try await submit(queue) { job in
            job.writeOutput(Array("so far".utf8))
            await gate.wait()
            return .completed(result: nil)
        }
        try await until { try await store.job(handle.id)?.output.stdout == Array("so far".utf8) }
        gate.open()
        _ = try await handle.finished()
    }

    @Test func `only a job that does not stop is given up, not one whose end is still being written`() async throws {
        let lines = Mutex<[JSON?]>([])
        let (gate, started, stubborn) = (Gate(), Gate(), Gate())
        let quick = JobID(high: 1, low: 1)
        var store = FaultyStore()
        store.beforeFinish = { id in if id == quick { await gate.wait() } }
        let queue = JobQueue(
            store: store, lanes: [JobLane(name: "lane", width: 2)],
            logger: Logger(level: .debug) { record in lines.withLock { $0.append(record.values["job_id"]) } },
            now: { Timestamp(milliseconds: 1_769_256_000_000) })
        let first = try await submit(queue, id: quick) { _ in
            await Gate().wait()
            return .completed(result: nil)
        }
        let second = try await submit(queue) { _ in
            started.open()
            await Task { await stubborn.wait() }.value
            return .completed(result: nil)
        }
        await started.wait()
        let cancelling = Task { try await queue.cancel(quick) }
        try await until { first.live.stopReason != nil }
        // Its grace began later, so when this one is given up the first one's is over, too.
        #expect(try await queue.cancel(second.id) == .cancelled(previous: .running))
        gate.open()
        #expect(try await cancelling.value == .cancelled(previous: .running))
        #expect(lines.withLock { $0 } == [second.id.json])
        stubborn.open()
    }
}
