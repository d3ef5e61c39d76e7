import Glibc
import RoostCore
import Testing

/// A server from a package of its own under `Examples/`, built against this checkout and running.
struct NestedServer {
    private static let root = #filePath.split(separator: "/").dropLast(4).reduce("") { $0 + "/" + $1 }

    static func package(_ name: String) -> String { root + "/Examples/" + name }

    let port: Int
    private let process: ChildProcess

    /// Builds the package, starts its server, runs `body`, and stops the server.
    static func with(_ name: String, _ body: (NestedServer) async throws -> Void) async throws {
        let folder = try TemporaryFolder()
        let path = try #require(unsafe getenv("PATH").map { unsafe String(cString: $0) })
        let home = unsafe getenv("HOME").map { unsafe String(cString: $0) } ?? folder.scratch
        // Built anew each time: a build folder that stays does not see files that are new in this package.
        let scratch = folder.scratch + "/build"
        let build = try ChildProcess(
            "/usr/bin/env", ["swift", "build", "--package-path", package(name), "--scratch-path", scratch],
            environment: ["PATH": path, "HOME": home])
        try #require(try await build.waitForEnd(within: .seconds(540)) == .exit(0), "\(build.output)\(build.errors)")

        let process = try ChildProcess(
            scratch + "/debug/" + name, ["0"], environment: ServerProcess.environment(folder), folder: folder.scratch)
        defer { process.signal(SIGKILL) }
        let line = try await eventually("the ready line: \(process.errors)") {
            process.output.contains("\n") ? process.output : nil
        }
        let port = try #require(line.split(separator: ":").last.flatMap { Int($0.prefix { $0.isNumber }) })
        try await body(NestedServer(port: port, process: process))

        process.signal(SIGTERM)
        #expect(try await process.waitForEnd() == .exit(0))
    }

    func post(_ target: String, _ body: JSON) async throws -> HTTPAnswer {
        let port = port
        return try await blocking {
            let connection = try HTTPConnection(port: port)
            let text = body.serialized()
            try connection.send(
                Array(
                    "POST \(target) HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: \(text.count)\r\n\r\n"
                        .utf8) + text)
            return try connection.receive(Deadline(in: .seconds(60)))
        }
    }
}
