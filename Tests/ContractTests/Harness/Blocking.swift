import Glibc

/// Runs work that blocks on a thread of its own, so that the cooperative pool stays free.
func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        detachThread { continuation.resume(with: Result { try work() }) }
    }
}

/// Starts a thread that nobody joins.
func detachThread(_ body: @escaping @Sendable () -> Void) {
    let box = unsafe Unmanaged.passRetained(ThreadBody(body)).toOpaque()
    var thread = pthread_t()
    // Safe: the box is retained above and released exactly once, by the thread that starts here.
    let code = unsafe pthread_create(
        &thread, nil,
        { raw in
            unsafe Unmanaged<ThreadBody>.fromOpaque(raw!).takeRetainedValue().body()
            return nil
        }, box)
    precondition(code == 0, "pthread_create: \(code)")
    pthread_detach(thread)
}

private final class ThreadBody: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}
