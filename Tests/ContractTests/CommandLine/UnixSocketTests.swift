import Glibc
import RoostCore
import Testing

@Suite struct `A Unix domain socket` {
    private static func ask(_ path: String, _ fields: String = "Host: localhost\r\n") async throws -> HTTPAnswer {
        try await blocking {
            let connection = try HTTPConnection(unixSocket: path)
            try connection.send("GET /api/v1/health HTTP/1.1\r\n\(fields)\r\n")
            return try connection.receive(Deadline(in: .seconds(20)))
        }
    }

    @Test func `answers beside the port, for this user only, and goes with the server`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.scratch + "/roost.sock"
        try await Places.shared.hold {
            let server = try await ServerProcess(["--unix", path], in: folder)
            #expect(Files.mode(path) == 0o600)
            #expect(try await Self.ask(path).status == 200)
            #expect(try await server.get("/api/v1/health").status == 200)
            expectFailure(try await Self.ask(path, "Host: evil.example\r\n"), 403, "FORBIDDEN")
            expectFailure(
                try await Self.ask(path, "Host: localhost\r\nOrigin: http://evil.example\r\n"), 403, "FORBIDDEN")
            #expect(try await server.stop() == .exit(0))
        }
        #expect(!Files.exists(path))
    }

    @Test func `replaces one that a killed server left`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.scratch + "/roost.sock"
        try await Places.shared.hold {
            let killed = try await ServerProcess(["--unix", path], in: folder)
            try await killed.kill9()
            #expect(Files.exists(path))
            let server = try await ServerProcess(["--unix", path], in: folder)
            #expect(try await Self.ask(path).status == 200)
            try await server.stop()
        }
    }

    @Test func `is not taken from a server that lives, nor made of another file`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.scratch + "/roost.sock"
        try await Places.shared.hold(2) {
            let server = try await ServerProcess(["--unix", path], in: folder)
            let other = try TemporaryFolder()
            let second = try ServerProcess.launch(
                ["serve", "--project", other.path, "--port", "0", "--unix", path], in: other)
            #expect(try await second.waitForEnd() == .exit(1))
            #expect(second.errors.contains("another server answers there"), "\(second.errors)")
            #expect(try await Self.ask(path).status == 200)
            try await server.stop()
        }
        try Files.write(path, "a file")
        let refused = try ServerProcess.launch(
            ["serve", "--project", folder.path, "--port", "0", "--unix", path], in: folder)
        #expect(try await refused.waitForEnd() == .exit(1))
        #expect(refused.errors.contains("something that is no socket is already there"), "\(refused.errors)")
        #expect(try Files.text(path) == "a file")
    }

    @Test func `may not have a path that the kernel does not take`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.scratch + "/" + String(repeating: "a", count: 120)
        let refused = try ServerProcess.launch(
            ["serve", "--project", folder.path, "--port", "0", "--unix", path], in: folder)
        #expect(try await refused.waitForEnd() == .exit(1))
        #expect(refused.errors.contains("too long"), "\(refused.errors)")
    }
}
