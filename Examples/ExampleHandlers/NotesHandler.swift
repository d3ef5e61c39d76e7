public import RoostCore
import RoostPersistence
import Synchronization

/// Notes with a title and a text, kept in a database of their own: create, list, read, change, delete.
///
/// Shows how a handler holds something that is opened at the start and closed at the end, how it talks to SQLite
/// without blocking the connection's event loop, and how it answers with an error code of its own.
///
/// ```
/// curl localhost:8080/api/v1/notes -d '{"title": "Milk", "text": "two"}' -H 'Content-Type: application/json'
/// {"success":true,"note":{"id":1,"title":"Milk","text":"two","created_at":"2026-01-01T12:00:00.000Z"}}
/// curl -X DELETE localhost:8080/api/v1/notes/2
/// {"success":false,"error":{"code":"NOTE_NOT_FOUND","message":"There is no note 2"}}
/// ```
public final class NotesHandler: Handler {
    /// `notes`.
    public let name = "notes"
    /// One sentence for the listing.
    public let description = "Notes that survive a restart"

    static let id = PathParameter<Int>("id", "The note's number", in: 1...)
    static let title = BodyParameter<String>("title", "A short title", required: true)
    static let text = BodyParameter<String>("text", "The note", default: "")
    static let limit = QueryParameter<Int>("limit", "How many notes to return", in: 1...1000, default: 100)
    static let offset = QueryParameter<Int>("offset", "How many notes to skip", in: 0..., default: 0)

    /// A released step is never changed; the next version adds one.
    private static let schema = [
        """
        CREATE TABLE notes (
            id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL, text TEXT NOT NULL,
            created_at_ms INTEGER NOT NULL
        ) STRICT
        """
    ]

    private let databasePath: String
    /// Set between `start` and `shutdown`, the only time in which endpoints run.
    private let opened = Mutex<SQLiteDatabase?>(nil)

    /// Notes in a file.
    ///
    /// - Parameter databasePath: Made at the start when it is missing.
    public init(databasePath: String) { self.databasePath = databasePath }

    /// Opens the file; what it throws keeps the server from starting, with its description as the reason.
    ///
    /// - Throws: `StoreOpenError`.
    public func start(_ context: HandlerContext) async throws {
        let database = try await SQLiteDatabase.open(path: databasePath, schema: Self.schema)
        opened.withLock { $0 = database }
    }

    /// Closes the file.
    public func shutdown() async {
        let database = opened.withLock { $0.take() }
        await database?.close()
    }

    /// The endpoints; paths are relative to `/api/v1/notes`.
    public var endpoints: [Endpoint] {
        Endpoint(.get, "/", "All notes, newest first", Self.limit, Self.offset) { request in
            let (limit, offset) = (try request[Self.limit], try request[Self.offset])
            return try await self.database().read { db in
                let sql = "SELECT id, title, text, created_at_ms FROM notes ORDER BY id DESC LIMIT ? OFFSET ?"
                let notes = try db.rows(sql, .int(limit), .int(offset)) { Note($0) }
                let total = try db.first("SELECT count(*) FROM notes") { Int($0.int(0)) } ?? 0
                return .json(["success": true, "notes": notes.json, "total": .int(total)])
            }
        }
        Endpoint(.post, "/", "Writes a note", Self.title, Self.text) { request in
            let (title, text) = (try request[Self.title], try request[Self.text])
            let now = request.context.now()
            return try await self.database().write { db in
                try db.execute(
                    "INSERT INTO notes (title, text, created_at_ms) VALUES (?, ?, ?)", .text(title),
                    .text(text),
                    .int(now.milliseconds))
                let note = try Self.note(Int(db.lastInsertedRow), db)
                return .json(["success": true, "note": note.json], status: .created)
            }
        }
        Endpoint(.get, "/{id}", "One note", Self.id) { request in
            let id = try request[Self.id]
            return try await self.database().read { db in
                .json(["success": true, "note": try Self.note(id, db).json])
            }
        }
        Endpoint(.put, "/{id}", "Changes a note", Self.id, Self.title, Self.text) { request in
            let (id, title, text) = (try request[Self.id], try request[Self.title], try request[Self.text])
            return try await self.database().write { db in
                try db.execute(
                    "UPDATE notes SET title = ?, text = ? WHERE id = ?", .text(title), .text(text), .int(id))
                return .json(["success": true, "note": try Self.note(id, db).json])
            }
        }
        Endpoint(.delete, "/{id}", "Deletes a note", Self.id) { request in
            let id = try request[Self.id]
            return try await self.database().write { db in
                guard try db.execute("DELETE FROM notes WHERE id = ?", .int(id)) == 1 else {
                    throw Self.notFound(id)
                }
                return .json(["success": true, "message": "Note deleted"])
            }
        }
    }

    private func database() throws -> SQLiteDatabase {
        // An error that is no `APIFailure` becomes `SERVER_ERROR`, with this text in the log only.
        guard let database = opened.withLock({ $0 }) else { throw HandlerMistake("notes are not open") }
        return database
    }

    private static func note(_ id: Int, _ db: SQLiteConnection) throws -> Note {
        let sql = "SELECT id, title, text, created_at_ms FROM notes WHERE id = ?"
        guard let note = try db.first(sql, .int(id), read: { Note($0) }) else { throw notFound(id) }
        return note
    }

    /// A code of one's own: stable, upper snake case, with the status it is answered with.
    private static func notFound(_ id: Int) -> APIFailure {
        APIFailure(code: "NOTE_NOT_FOUND", status: .notFound, message: "There is no note \(id)")
    }
}
