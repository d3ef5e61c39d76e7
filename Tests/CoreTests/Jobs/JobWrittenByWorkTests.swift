@testable import RoostCore
import Synchronization
import Testing

/// Jobs whose turn is at once and whose work writes them (``JobRequest/isWrittenByWork``).
@Suite(.timeLimit(.minutes(1))) struct `A job written by its work` {
    private let memory = InMemoryJobStore()

    private func queue(_ store: any JobStore, width: Int = 1) -> JobQueue {
        JobQueue(
            store: store, lanes: [JobLane(name: "lane", width: width)], logger: .silent,
            now: { Timestamp(milliseconds: 1_769_256_000_000) })
    }

    private func submit(_ queue: JobQueue, id: JobID? = nil, work: @escaping JobWork) async throws -> JobHandle {
        try await queue.submit(
            JobRequest(
                id: id, input: "input", timeoutMilliseconds: 60_000, startsItself: true, isWrittenByWork: true),
            handler: "test", lane: "lane", work: work)
    }

    @Test func `is in the store, running, once it has started, by one write`() async throws {
        let inserts = Counter()
        let store = FaultyStore(beforeInsert: { _ in inserts.add() })
        let memory = store.store
        let seen = Mutex<Job?>(nil)
        let handle = try await submit(queue(store)) { job in
            try await job.start()
            let row = try await memory.job(job.id)
            seen.withLock { $0 = row }
            return .completed(result: nil)
        }
        #expect(try await handle.finished().status == .completed)
        let row = seen.withLock { $0 }
        #expect(row?.status == .running)
        #expect(row?.summary.startedAt != nil)
        #expect(inserts.count == 1)
        #expect(try await memory.job(handle.id)?.status == .completed)
    }

    @Test func `is accepted only when the store has it`() async throws {
        let gate = Gate()
        let store = FaultyStore(beforeInsert: { _ in await gate.wait() })
        let queue = queue(store)
        let accepted = Counter()
        async let handle = {
            defer { accepted.add() }
            return try await submit(queue) { job in
                try await job.start()
                return .completed(result: nil)
            }
        }()
        while queue.counts(lane: "lane").running == 0 { await Task.yield() }
        #expect(accepted.count == 0)
        gate.open()
        #expect(try await handle.finished().status == .completed)
    }

    @Test func `is shown as one that waits while its work waits`() async throws {
        let gate = Gate()
        let handle = try await submit(queue(memory)) { job in
            try await job.queue()
            await gate.wait()
            try await job.start()
            return .completed(result: nil)
        }
        #expect(try await memory.job(handle.id)?.status == .pending)
        gate.open()
        #expect(try await handle.finished().status == .completed)
    }

    @Test func `behind others it is written before its turn`() async throws {
        let gate = Gate()
        let queue = queue(memory)
        let first = try await submit(queue) { job in
            try await job.start()
            await gate.wait()
            return .completed(result: nil)
        }
        let second = try await submit(queue) { job in
            try await job.start()
            return .completed(result: nil)
        }
        #expect(try await memory.job(second.id)?.status == .pending)
        gate.open()
        #expect(try await first.finished().status == .completed)
        #expect(try await second.finished().status == .completed)
    }

    @Test func `of one that ends before it started the end is written all the same`() async throws {
        let handle = try await submit(queue(memory)) { _ in .failed(JobFailure(.serverStopped)) }
        #expect(try await handle.finished().status == .failed)
        let row = try await memory.job(handle.id)
        #expect(row?.status == .failed)
        #expect(row?.summary.startedAt == nil)
    }

    @Test func `that the store refuses is none`() async throws {
        let store = FaultyStore(
            beforeInsert: { _ throws(JobStoreError) in throw JobStoreError.unavailable("full") })
        let queue = queue(store)
        let id = JobID.generate(at: Timestamp(milliseconds: 1))
        let ran = Counter()
        await #expect(throws: APIFailure.self) {
            _ = try await submit(queue, id: id) { job in
                try await job.start()
                ran.add()
                return .completed(result: nil)
            }
        }
        #expect(ran.count == 0)
        while queue.handle(id) != nil { await Task.yield() }
        #expect(try await store.job(id) == nil)
        #expect(queue.counts(lane: "lane") == (waiting: 0, running: 0))
    }

    @Test func `under an id that is taken is a conflict`() async throws {
        let queue = queue(memory)
        let id = JobID.generate(at: Timestamp(milliseconds: 1))
        for turn in 0..<2 {
            do {
                let handle = try await submit(queue, id: id) { job in
                    try await job.start()
                    return .completed(result: nil)
                }
                _ = try await handle.finished()
                #expect(turn == 0)
            } catch let failure as APIFailure {
                #expect(turn == 1)
                #expect(failure.code == APIError.jobConflict.rawValue)
            }
        }
        #expect(try await memory.job(id)?.status == .completed)
    }

    @Test func `runs where its lane says`() async throws {
        let executor = CountingExecutor()
        let queue = JobQueue(
            store: memory, lanes: [JobLane(name: "lane", width: 1, executor: executor)], logger: .silent,
            now: { Timestamp(milliseconds: 1) })
        let handle = try await submit(queue) { job in
            try await job.start()
            return .completed(result: nil)
        }
        #expect(try await handle.finished().status == .completed)
        #expect(executor.count > 0)
    }
}

private final class Counter: Sendable {
    private let value = Mutex(0)
    var count: Int { value.withLock { $0 } }
    func add() { value.withLock { $0 += 1 } }
}

/// Counts what it is given and has a thread of the pool run it.
private final class CountingExecutor: TaskExecutor {
    private let given = Mutex(0)
    var count: Int { given.withLock { $0 } }

    func enqueue(_ job: consuming ExecutorJob) {
        given.withLock { $0 += 1 }
        let job = UnownedJob(job)
        Task.detached { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
