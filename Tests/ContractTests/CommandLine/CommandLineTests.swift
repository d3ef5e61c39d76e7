import RoostCore
import Testing

@Suite struct `The command line` {
    private func run(_ arguments: [String], _ environment: [String: String] = [:]) async throws -> ChildProcess {
        let process = try ServerProcess.launch(arguments, in: TemporaryFolder(), environment: environment)
        _ = try await process.waitForEnd()
        return process
    }

    @Test(arguments: [["--help"], ["serve", "--help"]])
    func `teaches`(arguments: [String]) async throws {
        let process = try await run(arguments)
        #expect(process.ending == .exit(0))
        #expect(process.errors == "")
        #expect(process.output.contains("roost serve"), "an example")
        #expect(process.output.contains("Usage"))
    }

    @Test(arguments: [
        "host", "port", "project", "database", "workers", "max-queue", "max-body", "max-output", "retention-age",
        "retention-count", "allow-host", "allow-origin", "python-dialect", "python-worker", "examples", "drain-seconds",
        "log-level", "log-format",
    ])
    func `explains every option`(name: String) async throws {
        let process = try await run(["serve", "--help"])
        // A long option has its text on the line below.
        let lines = process.output.split(separator: "\n")
        let line = try #require(lines.firstIndex { $0.hasPrefix("  --\(name) ") || $0.hasPrefix("  --\(name)\n") })
        let text = lines[line] + " " + lines[min(line + 1, lines.count - 1)]
        #expect(text.split(separator: " ").count > 4, "\(text)")
        #expect(process.output.contains("ROOST_"), "and the environment")
    }

    @Test func `tells the version`() async throws {
        let process = try await run(["--version"])
        #expect(process.ending == .exit(0))
        #expect(process.output.split(separator: "\n").count == 1)
        #expect(process.output.contains { $0.isNumber })
    }

    @Test(arguments: [
        ["--nonsense"], ["--max-queu", "5"], ["--port"], ["--port", "abc"], ["--port", "-1"], ["--port", "65536"],
        ["--port", "1.5"], ["--port", ""], ["--workers", "0"], ["--workers", "x"], ["--max-queue", "-1"],
        ["--max-body", "x"], ["--max-output", "10MB"], ["--retention-age", "x"], ["--retention-count", "-1"],
        ["--python-dialect", "modern"], ["--log-level", "loud"], ["--log-format", "xml"], ["--drain-seconds", "-1"],
        ["--drain-seconds", "abc"], ["--durability", "maybe"], ["--resume", "all"], ["--examples=maybe"], ["stray"], ["--host", ""],
        ["--port", "99999999999999999999"],
    ])
    func `refuses wrong usage`(arguments: [String]) async throws {
        let process = try await run(["serve"] + arguments)
        #expect(process.ending == .exit(2))
        #expect(process.output == "")
        let name = arguments[0].split(separator: "=")[0]
        #expect(process.errors.contains(name), "it says what is wrong: \(process.errors)")
    }

    @Test(arguments: [["nonsense"], ["--nonsense"], ["server"]])
    func `refuses commands it does not know`(arguments: [String]) async throws {
        let process = try await run(arguments)
        #expect(process.ending == .exit(2))
        #expect(process.output == "")
        #expect(process.errors.contains(arguments[0]))
    }

    @Test(arguments: [
        ("ROOST_PORT", "abc"), ("ROOST_WORKERS", "0"), ("ROOST_EXAMPLES", "yes"), ("ROOST_PYTHON_DIALECT", "x"),
        ("ROOST_LOG_FORMAT", "xml"),
    ])
    func `refuses wrong environment variables`(name: String, value: String) async throws {
        let process = try await run(["serve", "--project", "."], [name: value])
        #expect(process.ending == .exit(2))
        #expect(process.errors.contains(name))
    }

    @Test func `is also the environment`() async throws {
        let folder = try TemporaryFolder()
        let environment = [
            "ROOST_PORT": "0", "ROOST_MAX_BODY": "100", "ROOST_PYTHON_DIALECT": "classic", "ROOST_EXAMPLES": "1",
            "ROOST_ALLOW_HOST": "one.example,two.example", "ROOST_HOST": "127.0.0.1", "ROOST_WORKERS": "3",
        ]
        try await Places.shared.hold {
            let server = try await ServerProcess(in: folder, environment: environment, portOption: [])
            expectFailure(try await server.execute(String(repeating: "#", count: 200)), 413, "PAYLOAD_TOO_LARGE")
            expectFailure(try await server.post(ServerProcess.execute, [:]), 400, "MISSING_FIELD")
            let health = try await server.request("GET", "/api/v1/health", host: "two.example")
            #expect(health.status == 200)
            #expect(health["handlers"]?.array?.contains("echo") == true)
            #expect(health["python"]?["workers"] == 3)
            try await server.stop()
        }
    }

    @Test func `lets a flag win over the environment`() async throws {
        let environment = ["ROOST_PORT": "1", "ROOST_WORKERS": "7", "ROOST_PYTHON_DIALECT": "classic"]
        try await withServer("--workers", "2", "--python-dialect", "reference", environment: environment) { server in
            let health = try await server.get("/api/v1/health")
            #expect(health["python"]?["workers"] == 2)
            expectFailure(try await server.post(ServerProcess.execute, [:]), 400, "MISSING_CODE")
        }
    }

    @Test func `may name another worker program`() async throws {
        try await withServer("--python-worker", Programs.folder + "/roost-python") { server in
            expectSuccess(try await server.execute("1"))
        }
        let folder = try TemporaryFolder()
        let process = try ServerProcess.launch(
            ["serve", "--project", folder.path, "--port", "0", "--python-worker", "/nonexistent/roost-python"], in: folder)
        #expect(try await process.waitForEnd() == .exit(1))
        #expect(process.output == "")
        #expect(process.errors.contains("/nonexistent/roost-python"))
        #expect(!Files.exists(folder.discovery))
    }

    @Test func `needs a project folder that is there`() async throws {
        let process = try await run(["serve", "--port", "0", "--project", "/nonexistent/project"])
        #expect(process.ending == .exit(1))
        #expect(process.output == "")
        #expect(process.errors.contains("/nonexistent/project"))
    }

    @Test func `serves the current folder by default`() async throws {
        let folder = try TemporaryFolder()
        try await Places.shared.hold {
            let process = try ChildProcess(
                Programs.roost, ["serve", "--port", "0"], environment: ServerProcess.environment(folder), folder: folder.path)
            try await eventually("the ready line") { process.output.contains("\n") }
            #expect(Files.exists(folder.discovery))
            #expect(Files.exists(folder.database))
            process.signal(15)
            #expect(try await process.waitForEnd() == .exit(0))
        }
    }
}
