/// How a process ended.
package enum ExitCause: Sendable, Equatable {
    /// It left by itself with this code, 0 to 255.
    case exited(Int)
    /// A signal ended it.
    case signalled(Int32)

    /// The kernel killed it, or a process it had started, for want of memory.
    case memoryLimit

    /// SIGKILL: ours, the kernel's for want of memory, or the death of the worker process.
    package static let killed = ExitCause.signalled(9)

    /// Reads a raw status of `waitpid(2)`: the low seven bits are the signal, the next byte the code.
    package init(waitStatus: Int32) {
        let signal = waitStatus & 0x7F
        self = signal == 0 ? .exited(Int(waitStatus >> 8 & 0xFF)) : .signalled(signal)
    }
}
