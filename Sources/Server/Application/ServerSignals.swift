internal import Glibc
internal import RoostEventLoop
internal import Synchronization

/// Signals as a sequence: the first SIGTERM or SIGINT asks for a clean stop, the second for one at once; SIGHUP asks to
/// read the API keys again.
///
/// A handler function that writes the signal's number to a pipe is used instead of a signal mask, since a mask would have to
/// be set before the first thread of the process exists.
enum ServerSignals {
    /// What the operator wants.
    enum Wish: Sendable {
        case stop
        case reload
    }

    /// The write end of the pipe; -1 before `install`.
    private static let pipeEnd = Atomic<Int32>(-1)

    /// Installs the handlers and ignores SIGPIPE.
    ///
    /// - Parameter reloads: Whether SIGHUP has a meaning; otherwise it ends the process, as it does by default.
    /// - Returns: What the signals that come ask for.
    /// - Throws: `SystemError` when there is no descriptor left.
    static func install(reloads: Bool) throws -> AsyncStream<Wish> {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { throw SystemError(errno, "pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        pipeEnd.store(ends[1], ordering: .sequentiallyConsistent)
        _ = signal(SIGPIPE, SIG_IGN)
        for number in [SIGTERM, SIGINT] + (reloads ? [SIGHUP] : []) {
            var action = sigaction()
            unsafe action.__sigaction_handler.sa_handler = { number in
                // Only async-signal-safe calls here (signal-safety(7)): an atomic load and write(2).
                let saved = errno
                var byte = UInt8(truncatingIfNeeded: number)
                _ = unsafe write(ServerSignals.pipeEnd.load(ordering: .relaxed), &byte, 1)
                errno = saved
            }
            guard unsafe sigaction(number, &action, nil) == 0 else { throw SystemError(errno, "sigaction") }
        }
        let reader = ends[0]
        let thread = try EventLoop(name: "roost-signals")
        try thread.start()
        let (stream, continuation) = AsyncStream<Wish>.makeStream()
        // A thread of its own that may block: it lives as long as the process.
        thread.execute {
            var byte: UInt8 = 0
            while true {
                let count = unsafe read(reader, &byte, 1)
                if count == 1 {
                    continuation.yield(Int32(byte) == SIGHUP ? .reload : .stop)
                } else if count == 0 || errno != EINTR {
                    return
                }
            }
        }
        return stream
    }
}
