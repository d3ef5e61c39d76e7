import Glibc
import RoostCore
import Synchronization
import Testing

@testable import RoostPersistence

/// The write-ahead log while somebody always reads.
struct LogLimitTests {
    /// What the tasks of a test share.
    private final class Load: Sendable {
        let isOver = Atomic<Bool>(false)
        let written = Atomic<Int>(0)
        let largest = Mutex<Int64>(0)
    }

    let folder = TemporaryFolder()

    @Test(.timeLimit(.minutes(2)))
    func `the log stays under 64 MB during load, with somebody reading at every moment`() async throws {
        let path = folder.file("jobs.sqlite")
        let store = try await SQLiteJobStore.open(path: path, now: .sample)
        let load = Load()
        let input = String(repeating: "x", count: 60_000)
        try await withThrowingTaskGroup(of: Void.self) { group in
            // Two readers whose snapshots overlap, so that none sees the log unused.
            for _ in 0..<2 {
                group.addTask {
                    while !load.isOver.load(ordering: .relaxed) {
                        try await store.onReader { connection throws(SQLiteError) in
                            try connection.snapshot { () throws(SQLiteError) in
                                _ = try connection.first("SELECT count(*) FROM job_totals") { $0.int(0) }
                                poll(nil, 0, Int32.random(in: 20...40))
                            }
                        }
                    }
                }
            }
            for _ in 0..<8 {
                group.addTask {
                    while load.written.add(1, ordering: .relaxed).newValue < 4000 {
                        let job = Job.sample(input: input)
                        try await store.insert(job)
                        _ = try await store.finish(job.id, .sample())
                        let bytes = DatabaseFile.size(path + "-wal") ?? 0
                        load.largest.withLock { $0 = max($0, bytes) }
                    }
                    load.isOver.store(true, ordering: .relaxed)
                }
            }
            try await group.waitForAll()
        }
        let most = load.largest.withLock(\.self)
        // So much was written that without a limit it would be far over.
        #expect(try await store.figures().databaseBytes > 200 << 20)
        #expect(most < 64 << 20, "\(most >> 20) MiB")
        await store.close()
    }

    @Test func `a reader that holds on delays no writer for long`() async throws {
        let path = folder.file("jobs.sqlite")
        let store = try await SQLiteJobStore.open(path: path, now: .sample)
        let load = Load()
        let reader = Task {
            try await store.onReader { connection throws(SQLiteError) in
                try connection.snapshot { () throws(SQLiteError) in
                    _ = try connection.first("SELECT count(*) FROM job_totals") { $0.int(0) }
                    while !load.isOver.load(ordering: .relaxed) { poll(nil, 0, 5) }
                }
            }
        }
        let input = String(repeating: "x", count: 1 << 20)
        let began = ContinuousClock.now
        for _ in 0..<60 { try await store.insert(.sample(input: input)) }
        #expect((try await store.figures()).logBytes > LogLimit.hardBytes)
        // A wait of 500 ms at each commit beyond the limit would take longer; the other reader answers meanwhile.
        #expect(began.duration(to: .now) < .seconds(10))
        #expect(try await store.list(JobQuery()).total == 60)
        load.isOver.store(true, ordering: .relaxed)
        try await reader.value
        try await eventually("the log is cut back") {
            try await store.insert(.sample())
            return try await store.figures().logBytes <= 16 << 20
        }
        await store.close()
    }
}
