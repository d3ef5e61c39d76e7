import Glibc

/// Starts threads of our own for calls that block, since the cooperative pool has only one thread a core.
enum DatabaseThread {
    private final class Start {
        let body: @Sendable () -> Void

        init(body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Runs `body` on a new detached thread with all signals blocked: they are for the threads that wait for them.
    ///
    /// - Parameter body: The thread ends with it.
    /// - Returns: False when the system gives no more threads; `body` is then never run.
    static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
        // Retained for the thread, which releases it; released here when there is no thread.
        let start = unsafe Unmanaged.passRetained(Start(body: body))
        var thread = pthread_t()
        let code = unsafe pthread_create(
            &thread, nil,
            { raw in
                guard let raw = unsafe raw else { return nil }
                let start = unsafe Unmanaged<Start>.fromOpaque(raw).takeRetainedValue()
                var all = sigset_t()
                unsafe sigfillset(&all)
                unsafe pthread_sigmask(SIG_BLOCK, &all, nil)
                start.body()
                return nil
            }, start.toOpaque())
        guard code == 0 else {
            unsafe start.release()
            return false
        }
        pthread_detach(thread)
        return true
    }
}
