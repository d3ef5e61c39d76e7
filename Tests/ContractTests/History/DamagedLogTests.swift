import RoostCore
import Testing

/// What a power failure may leave of the write-ahead log. SQLite keeps the transactions up to the first frame that is not
/// whole; so what was answered last may be gone then (`--durability normal`), and nothing may be half there.
@Suite struct `A log that lost its end` {
    enum Damage: String, CaseIterable, Sendable {
        case gone, empty, `header only`, `cut in half`, `cut within a frame`, `zeros at the end`, `garbage at the end`,
            `garbage in the middle`

        func apply(_ log: [UInt8]) -> [UInt8]? {
            switch self {
            case .gone: nil
            case .empty: []
            case .`header only`: Array(log[..<32])
            case .`cut in half`: Array(log[..<(log.count / 2)])
            case .`cut within a frame`: Array(log[..<(log.count - 1000)])
            case .`zeros at the end`: log[..<(log.count * 2 / 3)] + [UInt8](repeating: 0, count: log.count / 3)
            case .`garbage at the end`: log[..<(log.count * 2 / 3)] + [UInt8](repeating: 0xA5, count: log.count / 3)
            case .`garbage in the middle`:
                log[..<(log.count / 2)] + [UInt8](repeating: 0xA5, count: 100) + log[(log.count / 2 + 100)...]
            }
        }
    }

    /// The files of a killed server, and its jobs as it showed them, oldest first.
    private struct Left {
        var database: [UInt8]
        var log: [UInt8]
        var jobs: [JSON]

        init() async throws {
            let folder = try TemporaryFolder()
            var jobs: [JSON] = []
            let saved = 5
            var server = try await ServerProcess(in: folder)
            for number in 0..<20 {
                if number == saved {
                    try await server.stop()
                    server = try await ServerProcess(in: folder)
                }
                let answer = try await server.execute(number % 4 == 0 ? "1/0" : "print('\(number)' * 3000)")
                jobs.append(try await server.job(#require(answer["job_id"]?.string)))
            }
            try await server.kill9()
            database = try Files.read(folder.database)
            log = Self.written(try Files.read(folder.database + "-wal"))
            self.jobs = jobs
            try #require(log.count > 50_000, "there is something in the log")
        }

        /// The log without the frames of earlier rounds that may stand behind it: a frame belongs to the log when it has the
        /// salt of the header (https://www.sqlite.org/fileformat2.html#walformat).
        private static func written(_ log: [UInt8]) -> [UInt8] {
            let pageBytes = log[8..<12].reduce(0) { $0 << 8 | Int($1) }
            var end = 32
            while end + 24 + pageBytes <= log.count, log[(end + 8)..<(end + 16)] == log[16..<24] {
                end += 24 + pageBytes
            }
            return Array(log[..<end])
        }
    }

    @Test func `has whole jobs up to there, and totals that are right`() async throws {
        try await Places.shared.hold {
            let left = try await Left()
            for damage in Damage.allCases {
                let folder = try TemporaryFolder()
                try Files.makeFolder(folder.saved)
                try Files.write(folder.database, left.database)
                if let log = damage.apply(left.log) { try Files.write(folder.database + "-wal", log) }
                let server = try await ServerProcess(in: folder)
                let count = try await Self.expectWhole(server, left.jobs, damage)
                switch damage {
                case .gone, .empty, .`header only`: break
                default: #expect(count > 5 && count < left.jobs.count, "\(damage): \(count) jobs")
                }
                #expect(count >= 5, "\(damage): what was in the database itself is there")
                expectSuccess(try await server.execute("'new'"))
                #expect(try await server.stop() == .exit(0))
            }
        }
    }

    /// - Returns: How many of the jobs are there as they were.
    private static func expectWhole(_ server: ServerProcess, _ jobs: [JSON], _ damage: Damage) async throws -> Int {
        let snapshot = try await HistorySnapshot(of: server)
        var count = 0
        for (index, job) in jobs.enumerated() {
            guard let found = snapshot.jobs[job["id"]?.string ?? ""] else {
                #expect(index == snapshot.jobs.count, "\(damage): job \(index) is missing among others")
                break
            }
            // The last one may have lost its end.
            if index == snapshot.jobs.count - 1, found["error"]?["code"] == "SERVER_STOPPED" { continue }
            #expect(found == job, "\(damage): job \(index)")
            count += 1
        }
        let statuses = snapshot.jobs.values.compactMap { $0["status"]?.string }
        for status in ["pending", "running", "completed", "failed", "cancelled"] {
            let answer = try await server.get("/api/v1/jobs?status=\(status)")
            #expect(answer["total"] == .int(statuses.count { $0 == status }), "\(damage): \(status)")
        }
        return count
    }

    @Test(.enabled(if: Programs.python != nil, "needs python3"))
    func `or was taken over already is taken over once more without harm`() async throws {
        try await Places.shared.hold {
            let left = try await Left()
            let folder = try TemporaryFolder()
            try Files.makeFolder(folder.saved)
            try Files.write(folder.database, left.database)
            try Files.write(folder.database + "-wal", left.log)
            let process = try ChildProcess(
                #require(Programs.python),
                [
                    "-c",
                    "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); print(c.execute('pragma wal_checkpoint(truncate)').fetchone()); c.close()",
                    folder.database,
                ], environment: ServerProcess.environment(folder))
            #expect(try await process.waitForEnd() == .exit(0))
            #expect(process.output.hasPrefix("(0, "), "\(process.output)\(process.errors)")
            try Files.write(folder.database + "-wal", left.log)
            let server = try await ServerProcess(in: folder)
            let after = try await HistorySnapshot(of: server)
            #expect(after.jobs.count == left.jobs.count)
            for job in left.jobs { #expect(after.jobs[job["id"]?.string ?? ""] == job) }
            #expect(try await server.stop() == .exit(0))
        }
    }
}
