import RoostPersistence
import Testing

struct SQLiteDatabaseTests {
    let folder = TemporaryFolder()
    var path: String { folder.file("notes.sqlite") }
    static let schema = ["CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT"]

    @Test func `keeps what was written, and its schema grows`() async throws {
        let database = try await SQLiteDatabase.open(path: path, schema: Self.schema)
        let id = try await database.write { connection in
            try connection.execute("INSERT INTO notes (text) VALUES (?)", .text("one"))
            return connection.lastInsertedRow
        }
        #expect(id == 1)
        await database.close()
        await #expect(throws: SQLiteError.self) { try await database.read { _ in } }

        let later = try await SQLiteDatabase.open(
            path: path, schema: Self.schema + ["ALTER TABLE notes ADD COLUMN title TEXT"])
        let texts = try await later.read { connection in
            try connection.rows("SELECT text FROM notes WHERE title IS NULL") { $0.text(0) }
        }
        #expect(texts == ["one"])
        await later.close()
        #expect(folder.names == ["notes.sqlite"])
    }

    @Test func `a closure that throws leaves nothing behind`() async throws {
        struct Refusal: Error {}
        let database = try await SQLiteDatabase.open(path: path, schema: Self.schema)
        await #expect(throws: Refusal.self) {
            try await database.write { connection in
                try connection.execute("INSERT INTO notes (text) VALUES ('x')")
                throw Refusal()
            }
        }
        let count = try await database.read { try $0.first("SELECT count(*) FROM notes") { $0.int(0) } }
        #expect(count == 0)
        await database.close()
    }

    @Test func `refuses a file that is another application's`() async throws {
        let first = try await SQLiteDatabase.open(path: path, schema: Self.schema, applicationID: 1)
        await first.close()
        let error = await #expect(throws: StoreOpenError.self) {
            _ = try await SQLiteDatabase.open(path: path, schema: Self.schema, applicationID: 2)
        }
        #expect(error?.reason == .foreign)
    }

    @Test func `many tasks take turns`() async throws {
        let database = try await SQLiteDatabase.open(path: path, schema: Self.schema)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    try await database.write { _ = try $0.execute("INSERT INTO notes (text) VALUES ('x')") }
                }
            }
            try await group.waitForAll()
        }
        let count = try await database.read { try $0.first("SELECT count(*) FROM notes") { $0.int(0) } }
        #expect(count == 50)
        await database.close()
    }
}
