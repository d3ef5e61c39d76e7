internal import Glibc
internal import RoostEventLoop
internal import Synchronization

/// Ctrl-C and its like as something a blocking wait can watch: the number of the signal comes over a pipe.
struct Interrupts: Sendable {
    /// The write end of the pipe; -1 before ``install()``.
    private static let pipeEnd = Atomic<Int32>(-1)

    /// Readable when a signal has come.
    let descriptor: Int32

    /// Takes over SIGINT, SIGTERM and SIGHUP for the rest of the process's life.
    ///
    /// - Parameter ignoresClosedPipe: Whether a write that nobody reads is an error instead of the end (SIGPIPE).
    /// - Returns: What tells of them.
    /// - Throws: `SystemError` when there is no descriptor left.
    static func install(ignoresClosedPipe: Bool = true) throws -> Interrupts {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { throw SystemError(errno, "pipe") }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        pipeEnd.store(ends[1], ordering: .sequentiallyConsistent)
        if ignoresClosedPipe { _ = signal(SIGPIPE, SIG_IGN) }
        for number in [SIGINT, SIGTERM, SIGHUP] {
            var action = sigaction()
            unsafe action.__sigaction_handler.sa_handler = { number in
                // Only async-signal-safe calls here (signal-safety(7)): an atomic load and write(2).
                let saved = errno
                var byte = UInt8(truncatingIfNeeded: number)
                _ = unsafe write(Interrupts.pipeEnd.load(ordering: .relaxed), &byte, 1)
                errno = saved
            }
            guard unsafe sigaction(number, &action, nil) == 0 else { throw SystemError(errno, "sigaction") }
        }
        return Interrupts(descriptor: ends[0])
    }

    /// The signal that came first of those not taken yet; nil when there is none.
    func take() -> Int32? {
        var byte: UInt8 = 0
        return unsafe read(descriptor, &byte, 1) == 1 ? Int32(byte) : nil
    }

    /// Waits for so long, or until a signal comes that somebody wants to hear of.
    static func wait(_ interrupts: Interrupts?, milliseconds: Int32) {
        var entry = pollfd(fd: interrupts?.descriptor ?? -1, events: Int16(POLLIN), revents: 0)
        _ = unsafe poll(&entry, 1, milliseconds)
    }
}
