import RoostCore
import Testing

@Suite struct `The log` {
    private static let secret = "tell-nobody-4711"

    private func use(_ server: ServerProcess) async throws {
        _ = try await server.get("/api/v1/health")
        expectSuccess(try await server.execute("print('\(Self.secret)')"))
        expectFailure(try await server.execute("raise ValueError('\(Self.secret)')"), 500, "PYTHON_RUNTIME_ERROR")
        expectFailure(try await server.execute("'\(Self.secret)' = = 1"), 400, "PYTHON_SYNTAX_ERROR")
        _ = try await server.execute("import os\nos.kill(os.getpid(), 9) # \(Self.secret)")
        _ = try await server.post(ServerProcess.execute, text: "{\"code\": \"\(Self.secret)\" nonsense")
        _ = try await server.request(
            "GET", "/api/v1/health", fields: [("X-Api-Key", Self.secret), ("Authorization", "Bearer \(Self.secret)")])
        _ = try await server.get("/api/v1/nothing")
        try await server.stop()
    }

    @Test func `has one access line a request`() async throws {
        try await withServer { server in
            try await use(server)
            let lines = server.process.errors.split(separator: "\n")
            #expect(lines.filter { $0.contains("/api/v1/nothing") && $0.contains("404") }.count == 1)
            #expect(lines.filter { $0.contains("GET") && $0.contains("/api/v1/health") && $0.contains("200") }.count == 2)
            #expect(lines.filter { $0.contains("POST") && $0.contains(ServerProcess.execute) }.count == 5)
        }
    }

    @Test(arguments: ["text", "json"])
    func `never has code, output or keys in it`(format: String) async throws {
        try await withServer("--log-format", format, "--log-level", "debug") { server in
            try await use(server)
            #expect(!server.process.errors.isEmpty)
            #expect(!server.process.errors.contains(Self.secret))
        }
    }

    @Test func `is one JSON object a line when asked for`() async throws {
        try await withServer("--log-format", "json", "--log-level", "debug") { server in
            try await use(server)
            let lines = server.process.errors.split(separator: "\n")
            #expect(lines.count >= 8)
            for line in lines {
                let entry = try? JSONParser.parse(Array(line.utf8))
                #expect(entry?.object != nil, "\(line)")
                #expect(entry?["level"]?.string != nil)
                #expect(entry?["message"]?.string != nil)
            }
        }
    }

    @Test func `is silent about requests at a higher level`() async throws {
        try await withServer("--log-level", "error") { server in
            _ = try await server.get("/api/v1/health")
            try await server.stop()
            #expect(!server.process.errors.contains("/api/v1/health"))
        }
    }

    @Test func `does not let a request forge a line`() async throws {
        try await withServer { server in
            _ = try await server.get("/api/v1/nothing%0aforged%20line")
            try await server.stop()
            #expect(!server.process.errors.split(separator: "\n").contains { $0.hasPrefix("forged") })
        }
    }
}
