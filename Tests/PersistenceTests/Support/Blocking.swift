import Testing

@testable import RoostPersistence

/// Runs work that blocks on a thread of its own, so that the cooperative pool stays free for what it waits for.
func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        let hasStarted = DatabaseThread.start { continuation.resume(with: Result { try work() }) }
        if !hasStarted { continuation.resume(throwing: CancellationError()) }
    }
}
