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

    @Test func `a step that fails undoes all of them`() throws {
        let connection = try SQLiteConnection(path: folder.file("a.sqlite"), mode: .create)
        let broken = Migrations(applicationID: 7, steps: ["CREATE TABLE a (x)", "CREATE TABLE a (x)"])
        #expect(throws: SQLiteError.self) { try broken.apply(to: connection) }
        #expect(try connection.first("SELECT count(*) FROM sqlite_schema") { $0.int(0) } == 0)
        #expect(try connection.first("PRAGMA user_version") { $0.int(0) } == 0)
        #expect(!connection.isInTransaction)
    }
}
