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
                    while load.written.add(1, ordering: .relaxed).newValue < 2500 {
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
        #expect(try await store.figures().databaseBytes > 128 << 20)
        #expect(most < 64 << 20, "\(most >> 20) MiB")
        await store.close()
    }

    @Test func `a reader that holds on keeps writers waiting a few times and no more`() throws {
        let path = folder.file("jobs.sqlite")
        let writer = try SQLiteConnection(path: path, mode: .create)
        try writer.configure(busyMilliseconds: 5000, isReader: false)
        try writer.useLog()
        try writer.executeScript("CREATE TABLE t (x BLOB)")
        let reader = try SQLiteConnection(path: path, mode: .existing)
        try reader.execute("BEGIN")
        _ = try reader.first("SELECT count(*) FROM t") { $0.int(0) }
        var limit = LogLimit(database: path)
        func write() throws {
            try writer.execute("INSERT INTO t VALUES (zeroblob(1048576))")
            limit.keep(writer)
        }
        for _ in 0..<60 { try write() }
        #expect(try #require(DatabaseFile.size(path + "-wal")) > LogLimit.hardBytes)
        // 36 commits found the log too long. A pause that doubles lets few of them wait, however slow the machine.
        let began = ContinuousClock.now
        #expect((1...12).contains(limit.longWaits), "\(limit.longWaits)")
        reader.rollback()
        // At the end of the last pause the log is emptied.
        while try #require(DatabaseFile.size(path + "-wal")) > LogLimit.softBytes, began.duration(to: .now) < .seconds(60) {
            try writer.execute("DELETE FROM t WHERE rowid = 1")
            limit.keep(writer)
        }
        #expect(try #require(DatabaseFile.size(path + "-wal")) <= LogLimit.softBytes)
    }
}
