internal import Glibc
import RoostCore
internal import RoostEventLoop
internal import Synchronization

/// Writes log lines to standard error from a thread of its own, so that a reader who is slow or gone holds up
/// nobody: beyond 4 MiB of waiting lines further ones are dropped and counted.
final class LogWriter: Sendable {
    private struct State {
        var pending: [UInt8] = []
        var dropped = 0
        var isScheduled = false
        /// Until when somebody may take to read what is left; nil before ``LogWriter/close()``.
        var patience: ContinuousClock.Instant?
    }

    private static let maximumPending = 4 << 20
    /// PIPE_BUF: a pipe that poll(2) calls writable takes as much without blocking (pipe(7)).
    private static let pieceSize = 4096
    private let descriptor: Int32
    private let format: LogFormat
    private let thread: EventLoop
    private let state = Mutex(State())

    /// - Throws: `SystemError` when no thread can be had.
    init(format: LogFormat, descriptor: Int32 = STDERR_FILENO) throws {
        self.format = format
        self.descriptor = descriptor
        thread = try EventLoop(name: "roost-log")
        try thread.start()
    }

    /// A logger that ends here.
    func logger(level: Logger.Level) -> Logger {
        Logger(level: level) { [self] in write($0) }
    }

    /// Waits until everything is written, but only a second for a reader that takes nothing, then ends the thread.
    func close() {
        state.withLock { $0.patience = .now + .seconds(1) }
        thread.stop()
        thread.join()
    }

    private func write(_ record: Logger.Record) {
        let line = format.line(record, at: WallClock.now())
        let schedules = state.withLock { state in
            guard state.pending.count + line.count <= Self.maximumPending else {
                state.dropped += 1
                return false
            }
            state.pending.append(contentsOf: line)
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        if schedules { thread.execute { [self] in flush() } }
    }

    private func flush() {
        let (bytes, dropped) = state.withLock { state in
            state.isScheduled = false
            defer { (state.pending, state.dropped) = ([], 0) }
            return (state.pending, state.dropped)
        }
        put(bytes)
        if dropped > 0 {
            let record = Logger.Record(
                level: .warning, message: "log lines were dropped: standard error is read too slowly",
                values: ["count": .int(dropped)])
            put(format.line(record, at: WallClock.now()))
        }
    }

    private func put(_ bytes: [UInt8]) {
        var start = 0
        while start < bytes.count, waitUntilWritable() {
            let count = unsafe bytes.withUnsafeBytes { buffer -> Int in
                // Inside the buffer: `start` is below its count, and so there is a base address.
                guard let base = buffer.baseAddress else { return -1 }
                return unsafe Glibc.write(descriptor, base + start, min(buffer.count - start, Self.pieceSize))
            }
            if count > 0 {
                start += count
            } else if errno != EINTR, errno != EAGAIN {
                return
            }
        }
    }

    /// Returns false when the log is being closed and nobody reads.
    private func waitUntilWritable() -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        while true {
            // Zero for a time-out; an error shows itself again when writing.
            if unsafe poll(&entry, 1, 100) != 0 { return true }
            if let patience = state.withLock({ $0.patience }), patience < .now { return false }
        }
    }
}
