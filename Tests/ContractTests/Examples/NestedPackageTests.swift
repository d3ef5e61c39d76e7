import Glibc
import RoostCore
import Testing

/// `Examples/WordsServer`: a handler as a third party writes it, in a package and a server of its own.
@Suite struct `A handler in a package of its own` {
    private static let root = #filePath.split(separator: "/").dropLast(4).reduce("") { $0 + "/" + $1 }
    private static let package = root + "/Examples/WordsServer"

    @Test func `takes under 60 lines`() throws {
        let sources = Self.package + "/Sources/WordsServer"
        let lines = try Files.names(in: sources).reduce(0) { count, name in
            count + (try Files.text(sources + "/" + name).split(separator: "\n", omittingEmptySubsequences: false).count)
        }
        #expect(lines > 10)
        #expect(lines < 60)
    }

    @Test(.timeLimit(.minutes(10)))
    func `builds against this one and answers in its own server`() async throws {
        let folder = try TemporaryFolder()
        let path = try #require(unsafe getenv("PATH").map { unsafe String(cString: $0) })
        let home = unsafe getenv("HOME").map { unsafe String(cString: $0) } ?? folder.scratch
        // Built anew each time: a build folder that stays does not see files that are new in this package.
        let scratch = folder.scratch + "/build"
        let build = try ChildProcess(
            "/usr/bin/env", ["swift", "build", "--package-path", Self.package, "--scratch-path", scratch],
            environment: ["PATH": path, "HOME": home])
        try #require(
            try await build.waitForEnd(within: .seconds(540)) == .exit(0), "\(build.output)\(build.errors)")

        let server = try ChildProcess(
            scratch + "/debug/WordsServer", ["0"], environment: ServerProcess.environment(folder),
            folder: folder.scratch)
        defer { server.signal(SIGKILL) }
        let line = try await eventually("the ready line") { server.output.contains("\n") ? server.output : nil }
        let port = try #require(line.split(separator: ":").last.flatMap { Int($0.prefix { $0.isNumber }) })

        let count = try await Self.post(port, "/api/v1/words/count?top=2", #"{"text":"b a c a b a"}"#)
        #expect(count.status == 200)
        #expect(
            count.json == [
                "success": true, "total": 6,
                "words": [["word": "a", "count": 3], ["word": "b", "count": 2]],
            ])
        let refused = try await Self.post(port, "/api/v1/words/count?top=0", #"{"text":""}"#)
        #expect(refused.status == 400)
        #expect(refused.json?["error"]?["code"] == "INVALID_PARAMETER")

        server.signal(SIGTERM)
        #expect(try await server.waitForEnd() == .exit(0))
    }

    private static func post(_ port: Int, _ target: String, _ body: String) async throws -> HTTPAnswer {
        try await blocking {
            let connection = try HTTPConnection(port: port)
            try connection.send(
                "POST \(target) HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
            return try connection.receive(Deadline(in: .seconds(20)))
        }
    }
}
