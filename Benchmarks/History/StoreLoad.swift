import Glibc
import RoostCore
import RoostPersistence
import Synchronization

/// How many records a second the store takes: each is inserted, started and finished, by many callers at once.
final class StoreLoad: Sendable {
    private static let callers = 128
    private let path: String
    private let durability: SQLiteStoreOptions.Durability
    private let seconds: Double
    private let written = Atomic<Int>(0)

    static func durability(_ name: String) -> SQLiteStoreOptions.Durability? {
        SQLiteStoreOptions.Durability(rawValue: name)
    }

    init(path: String, durability: SQLiteStoreOptions.Durability, seconds: Double) {
        self.path = path
        self.durability = durability
        self.seconds = seconds
    }

    func run() async throws {
        let options = SQLiteStoreOptions(durability: durability)
        let store = try await SQLiteJobStore.open(
            path: path, options: options, now: Timestamp(milliseconds: 0))
        let (began, cpu) = (ContinuousClock.now, Self.processorSeconds())
        let end = began + .seconds(seconds)
        let output = JobOutput(stdout: Array("hello\n".utf8))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for caller in 0..<Self.callers {
                group.addTask {
                    var number: Int64 = 0
                    while ContinuousClock.now < end {
                        number += 1
                        let now = Timestamp(milliseconds: 1_700_000_000_000 + number * 5)
                        let id = JobID.generate(at: now)
                        let summary = JobSummary(
                            id: id, handler: "python", lane: "python", createdAt: now,
                            timeoutMilliseconds: 30_000,
                            client: "client\(caller % 5)")
                        try await store.insert(Job(summary: summary, input: "print('hello')"))
                        _ = try await store.start(id, at: now)
                        _ = try await store.finish(
                            id,
                            JobEnd(
                                status: .completed, completedAt: now, durationMilliseconds: caller,
                                output: output,
                                failure: nil))
                        self.written.add(1, ordering: .relaxed)
                    }
                }
            }
            try await group.waitForAll()
        }
        let elapsed = began.duration(to: .now) / .seconds(1)
        let used = Self.processorSeconds() - cpu
        let figures = try await store.figures()
        let count = written.load(ordering: .relaxed)
        Output.figures(
            """
            {"durability":"\(durability.rawValue)","records":\(count),"per_second":\(Double(count) / elapsed),\
            "per_cpu_second":\(Double(count) / used),"commits":\(figures.commits),"log_bytes":\(figures.logBytes),\
            "unindexed":\(figures.unindexedJobs ?? -1)}
            """)
        await store.close()
    }

    /// User and system time of this process.
    private static func processorSeconds() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
