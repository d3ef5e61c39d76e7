internal import RoostEventLoop

/// A thread for a command that waits for a server, a file or a person.
enum CommandThread {
    /// Runs work that blocks, away from the threads of tasks.
    static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        let thread = try EventLoop(name: "roost-command")
        try thread.start()
        defer { thread.stop() }
        return try await withCheckedThrowingContinuation { continuation in
            thread.execute { continuation.resume(with: Result { try body() }) }
        }
    }
}
