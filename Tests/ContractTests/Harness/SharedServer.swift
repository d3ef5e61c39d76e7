import Testing

/// One server for all tests of a suite: started before the first, stopped cleanly after the last.
struct SharedServer: SuiteTrait, TestScoping {
    @TaskLocal static var current: ServerProcess?

    let arguments: [String]

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await Places.shared.hold {
            let server = try await ServerProcess(arguments + ["--drain-seconds", "1"])
            try await Self.$current.withValue(server) { try await function() }
            let ending = try await server.stop()
            #expect(ending == .exit(0), "a shared server stops cleanly")
            #expect(!Files.exists(server.folder.discovery))
        }
    }
}

extension Trait where Self == SharedServer {
    static func server(_ arguments: String...) -> Self { SharedServer(arguments: arguments) }
    static func server(_ arguments: [String]) -> Self { SharedServer(arguments: arguments) }
}

/// The server of this suite.
var server: ServerProcess {
    get throws { try #require(SharedServer.current, "the suite has the trait .server()") }
}
