import ExampleHandlers
import Glibc
import RoostCore
import Testing

struct NotesHandlerTests {
    private func withServer(_ body: (ExampleServer, String) async throws -> Void) async throws {
        var template = Array("/tmp/roost-notes-XXXXXX".utf8CString)
        let folder = unsafe String(cString: try #require(unsafe mkdtemp(&template)))
        let path = folder + "/notes.sqlite"
        let server = try ExampleServer(NotesHandler(databasePath: path))
        try await server.service.start()
        try await body(server, path)
        await server.service.shutdown()
        unsafe unlink(path)
        #expect(unsafe rmdir(folder) == 0, "nothing but the database is left behind")
    }

    @Test func `a note is written, read, changed, listed and deleted`() async throws {
        try await withServer { server, _ in
            let made = try await server.send(.post, "/notes", #"{"title": "Milk", "text": "two"}"#)
            #expect(made.status == 201)
            #expect(made.body["note"]?["id"]?.int == 1)
            #expect(made.body["note"]?["created_at"]?.string == "2023-11-14T22:13:20.000Z")
            _ = try await server.send(.post, "/notes", #"{"title": "Bread"}"#)

            let changed = try await server.send(.put, "/notes/1", #"{"title": "Milk", "text": "three"}"#)
            #expect(changed.body["note"]?["text"]?.string == "three")
            #expect(try await server.send(.get, "/notes/1").body["note"] == changed.body["note"])

            let page = try await server.send(.get, "/notes?limit=1&offset=1").body
            #expect(page["total"]?.int == 2)
            #expect(page["notes"]?.array == changed.body["note"].map { [$0] })

            #expect(try await server.send(.delete, "/notes/1").status == 200)
            #expect(try await server.send(.get, "/notes").body["total"]?.int == 1)
        }
    }

    @Test(arguments: [HTTPMethod.get, .put, .delete])
    func `a note that is not there has a code of its own`(_ method: HTTPMethod) async throws {
        try await withServer { server, _ in
            let answer = try await server.send(method, "/notes/7", method == .put ? #"{"title": "x"}"# : "")
            #expect(answer.status == 404)
            #expect(answer.body["error"]?["code"]?.string == "NOTE_NOT_FOUND")
        }
    }

    @Test func `notes survive a restart`() async throws {
        try await withServer { server, path in
            _ = try await server.send(.post, "/notes", #"{"title": "Milk"}"#)
            await server.service.shutdown()
            let again = try ExampleServer(NotesHandler(databasePath: path))
            try await again.service.start()
            #expect(try await again.send(.get, "/notes/1").body["note"]?["title"]?.string == "Milk")
            await again.service.shutdown()
            // Without its database it fails, and says why in the log only.
            #expect(try await server.send(.get, "/notes/1").body["error"]?["code"]?.string == "SERVER_ERROR")
        }
    }

    @Test func `refuses to start without a place for its file`() async throws {
        let server = try ExampleServer(NotesHandler(databasePath: "/proc/roost/notes.sqlite"))
        await #expect(throws: (any Error).self) { try await server.service.start() }
    }
}
