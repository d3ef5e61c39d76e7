import CLinux
import Glibc

/// Process 1 of a job's own process table: when it is killed, the kernel ends everything in the table, and it is
/// reaped only when nothing is left there (pid_namespaces(7)).
///
/// Its stack is never touched from Swift, and freed in one place, after the process on it was reaped.
@safe struct InitProcess {
    private static let stackBytes = 16_384

    /// Its pid; -1 before it is there.
    private(set) var pid: pid_t = -1
    private let stack: UnsafeMutableRawPointer

    /// None yet, only the room for it.
    init() {
        // 16 bytes of alignment are what the calling conventions of both architectures ask for.
        unsafe stack = UnsafeMutableRawPointer.allocate(byteCount: Self.stackBytes, alignment: 16)
    }

    /// Starts it, and forks with the child beside it: a child of this process all the same.
    ///
    /// - Returns: what fork(2) returns. Also after a failure the process may be there, see ``pid``.
    mutating func fork() -> pid_t { unsafe clinux_fork_into_table(stack, Self.stackBytes, &pid) }

    /// Ends everything in the process table.
    func kill() { if pid > 0 { Glibc.kill(pid, SIGKILL) } }

    /// Waits for the end of everything in the process table.
    func reap() { if pid > 0 { waitpid(pid, nil, 0) } }

    /// Once it was reaped, and so has left its stack.
    func release() { unsafe stack.deallocate() }
}
