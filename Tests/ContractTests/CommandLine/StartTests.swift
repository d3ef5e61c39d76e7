import RoostCore
import Testing

@Suite struct `A server that starts` {
    static let hasIPv6 = (try? Files.text("/proc/net/if_inet6"))?.contains(" lo") == true

    @Test func `says so in exactly one line`() async throws {
        try await withServer { server in
            expectSuccess(try await server.execute("print('not there')"))
            #expect(server.process.output == "roost ready on http://127.0.0.1:\(server.port)/api/v1\n")
            let ending = try await server.stop()
            #expect(ending == .exit(0))
            #expect(server.process.output == "roost ready on http://127.0.0.1:\(server.port)/api/v1\n")
        }
    }

    @Test func `names the first address when it is not the usual one`() async throws {
        try await Places.shared.hold {
            let folder = try TemporaryFolder()
            let process = try ServerProcess.launch(
                ["serve", "--project", folder.path, "--port", "0", "--host", "127.0.0.2"], in: folder)
            try await eventually("the ready line") { process.output.contains("\n") }
            #expect(process.output.hasPrefix("roost ready on http://127.0.0.2:"))
            process.signal(15)
            #expect(try await process.waitForEnd() == .exit(0))
        }
    }

    @Test(.enabled(if: hasIPv6 && Programs.curl != nil, "needs IPv6 and curl"))
    func `listens on both loopback addresses with one port`() async throws {
        try await withServer { server in
            let answer = try await Shell(server: server).json("curl -sg \"http://[::1]:$PORT/api/v1/health\"")
            #expect(answer["pid"] == .int(Int(server.process.id)))
        }
    }

    @Test(arguments: ["0.0.0.0", "::", "192.0.2.1"])
    func `does not listen beyond loopback without a key`(host: String) async throws {
        let folder = try TemporaryFolder()
        let process = try ServerProcess.launch(
            ["serve", "--project", folder.path, "--port", "0", "--host", host], in: folder)
        #expect(try await process.waitForEnd() == .exit(1))
        #expect(process.errors.contains(host))
        #expect(process.output == "")
        #expect(!Files.exists(folder.discovery))
    }

    @Test func `does not take a port that is busy`() async throws {
        try await withServer { server in
            let folder = try TemporaryFolder()
            let process = try ServerProcess.launch(
                ["serve", "--project", folder.path, "--port", "\(server.port)"], in: folder)
            #expect(try await process.waitForEnd() == .exit(1))
            #expect(process.errors.contains("\(server.port)"))
            #expect(process.output == "")
            #expect(!Files.exists(folder.discovery))
            let health = try await server.get("/api/v1/health")
            #expect(health.status == 200)
        }
    }

    @Test func `does not serve a project that is served`() async throws {
        try await withServer { server in
            let before = try Files.read(server.folder.discovery)
            let process = try ServerProcess.launch(
                ["serve", "--project", server.folder.path, "--port", "0"], in: server.folder)
            #expect(try await process.waitForEnd() == .exit(1))
            #expect(process.errors.contains("\(server.process.id)"), "\(process.errors)")
            #expect(process.output == "")
            #expect(try Files.read(server.folder.discovery) == before)
            expectSuccess(try await server.execute("1"))
        }
    }

    @Test func `does not serve a project that is served with another database`() async throws {
        try await withServer { server in
            let process = try ServerProcess.launch(
                ["serve", "--project", server.folder.path, "--port", "0", "--database", server.folder.scratch + "/x.sqlite"],
                in: server.folder)
            #expect(try await process.waitForEnd() == .exit(1))
            #expect(process.errors.contains("\(server.process.id)"), "\(process.errors)")
            #expect(Files.exists(server.folder.discovery))
        }
    }

    @Test func `does not share a database between projects`() async throws {
        try await withServer { server in
            let folder = try TemporaryFolder()
            let process = try ServerProcess.launch(
                ["serve", "--project", folder.path, "--port", "0", "--database", server.folder.database], in: folder)
            #expect(try await process.waitForEnd() == .exit(1))
            #expect(process.errors.contains("\(server.process.id)"), "\(process.errors)")
            #expect(!Files.exists(folder.discovery))
        }
    }

    @Test func `is one of two that start at once`() async throws {
        let folder = try TemporaryFolder()
        try await Places.shared.hold(2) {
            let arguments = ["serve", "--project", folder.path, "--port", "0"]
            let two = [
                try ServerProcess.launch(arguments, in: folder), try ServerProcess.launch(arguments, in: folder),
            ]
            try await eventually("one is ready and one has given up") {
                two.contains { $0.output.contains("\n") } && two.contains { $0.ending != nil }
            }
            let winner = try #require(two.first { $0.output.contains("\n") })
            let loser = try #require(two.first { $0.ending != nil })
            #expect(loser.ending == .exit(1))
            #expect(loser.errors.contains("\(winner.id)"), "\(loser.errors)")
            winner.signal(15)
            #expect(try await winner.waitForEnd() == .exit(0))
        }
    }

    @Test func `does not replace one that lives and does not answer`() async throws {
        try await withServer { server in
            server.process.signal(19)
            defer { server.process.signal(18) }
            let process = try ServerProcess.launch(
                ["serve", "--project", server.folder.path, "--port", "0", "--database", server.folder.scratch + "/x.sqlite"],
                in: server.folder)
            #expect(try await process.waitForEnd(within: .seconds(40)) == .exit(1))
            #expect(process.errors.contains("\(server.process.id)"), "\(process.errors)")
        }
    }

    @Test(arguments: [
        "not json", "", "{}", "[1]",
        #"{"version":1,"port":1,"pid":2147483646,"project":"x","started_at":"2026-01-24T12:00:00.000Z","handlers":[]}"#,
        #"{"version":1,"port":1,"pid":1,"project":"x","started_at":"2026-01-24T12:00:00.000Z","handlers":[]}"#,
        #"{"version":1,"port":"x","pid":-5}"#, "\u{0}\u{1}",
    ])
    func `replaces a stale discovery file and says so`(text: String) async throws {
        let folder = try TemporaryFolder()
        try Files.makeFolder(folder.saved)
        try Files.write(folder.discovery, text)
        try await withServer("--log-level", "warning", in: folder) { server in
            let file = try JSONParser.parse(try Files.read(folder.discovery))
            #expect(file["pid"] == .int(Int(server.process.id)))
            try await eventually("a warning") { server.process.errors.contains("UnrealPythonREST.json") }
            #expect(Files.mode(folder.discovery) == 0o600)
        }
    }

    @Test func `follows one that was killed`() async throws {
        let folder = try TemporaryFolder()
        try await Places.shared.hold {
            var server = try await ServerProcess(in: folder)
            try await server.kill9()
            #expect(Files.exists(folder.discovery), "nobody could remove it")
            server = try await ServerProcess(in: folder)
            let file = try JSONParser.parse(try Files.read(folder.discovery))
            #expect(file["pid"] == .int(Int(server.process.id)))
            try await server.stop()
            #expect(!Files.exists(folder.discovery))
        }
    }
}
