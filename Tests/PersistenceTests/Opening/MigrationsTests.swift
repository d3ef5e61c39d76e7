import RoostCore
import Testing

@testable import RoostPersistence

struct MigrationsTests {
    let folder = TemporaryFolder()

    @Test func `each step is done once and in order`() throws {
        let connection = try SQLiteConnection(path: folder.file("a.sqlite"), mode: .create)
        let first = Migrations(applicationID: 7, steps: ["CREATE TABLE a (x)"])
        try first.apply(to: connection)
        try first.apply(to: connection)
        let second = Migrations(applicationID: 7, steps: first.steps + ["ALTER TABLE a ADD COLUMN y; INSERT INTO a VALUES (1, 2)"])
        try second.apply(to: connection)
        try second.apply(to: connection)
        #expect(try connection.rows("SELECT x + y FROM a") { $0.int(0) } == [3])
        #expect(try connection.first("PRAGMA user_version") { $0.int(0) } == 2)
        #expect(try connection.first("PRAGMA application_id") { $0.int(0) } == 7)
    }

    @Test func `a history of the first version keeps its jobs and gets its totals by client`() async throws {
        let path = folder.file("jobs.sqlite")
        do {
            let connection = try SQLiteConnection(path: path, mode: .create)
            let all = JobSchema.migrations
            try Migrations(applicationID: all.applicationID, steps: Array(all.steps[..<1])).apply(to: connection)
            for (index, client) in ["'a'", "'a'", "NULL"].enumerated() {
                try connection.executeScript(
                    """
                    INSERT INTO jobs VALUES (NULL, randomblob(16), 'python', 'python', 'completed', \(index), 1, 2, 1,
                        1000, NULL, \(client));
                    INSERT INTO job_contents VALUES (\(index + 1), 0, 0, 'pass', x'', x'', '[]', NULL, NULL)
                    """)
            }
        }
        let store = try await SQLiteJobStore.open(path: path, now: .sample)
        #expect(try await store.list(JobQuery()).total == 3)
        #expect(try await store.list(JobQuery(client: "a")).total == 2)
        let page = try await store.list(JobQuery(lane: "python", status: .completed, client: "a"))
        #expect(page.jobs.count == 2)
        _ = try await store.remove(page.jobs[0].id)
        #expect(try await store.list(JobQuery(lane: "python", status: .completed, client: "a")).total == 1)
        #expect(try await store.job(page.jobs[1].id)?.input == "pass")
        await store.close()
    }

    @Test(arguments: 1..<JobSchema.migrations.version)
    func `a history of every earlier version comes along with its jobs`(_ version: Int) async throws {
        let path = folder.file("jobs.sqlite")
        do {
            let connection = try SQLiteConnection(path: path, mode: .create)
            let all = JobSchema.migrations
            try Migrations(applicationID: all.applicationID, steps: Array(all.steps[..<version])).apply(to: connection)
            for number in 1...5 {
                try connection.executeScript(
                    """
                    INSERT INTO jobs VALUES (NULL, randomblob(16), 'code', 'python', 'completed',
                        \(Timestamp.sample.milliseconds + Int64(number) * 60_000), 1, 2, 1, 1000, 's', 'c');
                    INSERT INTO job_contents (seq, flags, size_bytes, input, stdout, stderr, logs)
                        VALUES (\(number), 0, 0, 'pass \(number)', x'', x'', '[]');
                    """)
                // What a writer of that version wrote as well.
                if version >= 7 {
                    try StatisticsWrites.accepted(
                        "code", at: .sample + Int64(number) * 60_000, sequence: Int64(number), connection)
                }
            }
        }
        let store = try await SQLiteJobStore.open(path: path, now: .sample)
        let minutes = Timestamp.sample + 2 * 60_000
        for query in [
            JobQuery(handler: "code"), JobQuery(session: "s"), JobQuery(client: "c"), JobQuery(status: .completed),
            JobQuery(until: minutes + 1), JobQuery(since: minutes),
        ] {
            let page = try await store.list(query)
            let expected = query.until != nil ? 2 : query.since != nil ? 4 : 5
            #expect(page.total == expected && page.jobs.count == expected, "\(query)")
        }
        let job = Job.sample(handler: "code")
        try await store.insert(job)
        _ = try await store.finish(job.id, .sample())
        #expect(try await store.statistics(now: .sample + 100).counts.map(\.count) == [6])
        #expect(try await store.list(JobQuery(text: JobTextQuery(text: "pass 3"))).total == 1)
        await store.close()
    }

    @Test func `a step that fails undoes all of them`() throws {
        let connection = try SQLiteConnection(path: folder.file("a.sqlite"), mode: .create)
        let broken = Migrations(applicationID: 7, steps: ["CREATE TABLE a (x)", "CREATE TABLE a (x)"])
        #expect(throws: SQLiteError.self) { try broken.apply(to: connection) }
        #expect(try connection.first("SELECT count(*) FROM sqlite_schema") { $0.int(0) } == 0)
        #expect(try connection.first("PRAGMA user_version") { $0.int(0) } == 0)
        #expect(!connection.isInTransaction)
    }
}
