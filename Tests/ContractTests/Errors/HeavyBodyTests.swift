import RoostCore
import Testing

@Suite struct `A heavy body` {
    /// Each is about as long as said, and none can be an execution.
    private static let documents: [(name: String, text: @Sendable () -> String)] = [
        ("100,000 arrays", { String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000) }),
        ("100,000 objects", { String(repeating: #"{"a":"#, count: 100_000) }),
        ("1 MB of arrays that open", { String(repeating: "[", count: 1_000_000) }),
        ("1 MB of objects that open", { String(repeating: #"{"":"#, count: 250_000) }),
        ("1 MB of numbers without an end", { "[" + String(repeating: "1,", count: 500_000) }),
        ("1 MB of one number", { "[" + String(repeating: "1", count: 1_000_000) + "x]" }),
        ("1 MB of escapes", { #"{"code":""# + String(repeating: #"\u00e9"#, count: 170_000) }),
        ("1 MB of spaces", { String(repeating: " ", count: 1_000_000) }),
        ("9 MB of small arrays", { "[" + String(repeating: "[],", count: 3_000_000) + "[]]" }),
        ("9 MB of names", { #"{"x":"# + String(repeating: #"{"a":1},"#, count: 1_100_000) }),
    ]

    /// Peak memory of a process in megabytes.
    private func peak(_ server: ServerProcess) throws -> Int {
        let status = try Files.text("/proc/\(server.process.id)/status")
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
        return try #require(Int(line.filter(\.isNumber))) / 1024
    }

    @Test func `is refused in bounded time and memory, and the server goes on`() async throws {
        try await withServer("--log-level", "error") { server in
            _ = try await server.get("/api/v1/health")
            for document in Self.documents {
                let answer = try await server.post(ServerProcess.execute, text: document.text())
                expectFailure(answer, 400, "INVALID_JSON")
                // A hundred times what an optimised build needs; quadratic work would take minutes.
                #expect(answer.time < .seconds(20), "\(document.name): \(answer.time)")
                #expect(answer.text.utf8.count < 1000, "the body is not sent back")
            }
            #expect(try peak(server) < 900, "megabytes")
            expectSuccess(try await server.execute("1"))
        }
    }

    @Test func `that is well-formed is read`() async throws {
        try await withServer { server in
            let filler = String(repeating: #"{"a":[1,2.5,"text",null]},"#, count: 40_000)
            let answer = try await server.post(
                ServerProcess.execute, text: #"{"x":["# + filler + #"0],"code":"print(1)"}"#)
            expectSuccess(answer)
            #expect(answer["output"] == "1")
        }
    }
}
