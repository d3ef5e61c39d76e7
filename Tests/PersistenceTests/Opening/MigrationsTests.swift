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

    @Test func `a step that fails undoes all of them`() throws {
        let connection = try SQLiteConnection(path: folder.file("a.sqlite"), mode: .create)
        let broken = Migrations(applicationID: 7, steps: ["CREATE TABLE a (x)", "CREATE TABLE a (x)"])
        #expect(throws: SQLiteError.self) { try broken.apply(to: connection) }
        #expect(try connection.first("SELECT count(*) FROM sqlite_schema") { $0.int(0) } == 0)
        #expect(try connection.first("PRAGMA user_version") { $0.int(0) } == 0)
        #expect(!connection.isInTransaction)
    }
}
