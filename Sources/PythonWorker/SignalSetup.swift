import CLinux
import Glibc
import RoostPythonWire

/// Signal masks and dispositions of the worker and of its children.
enum SignalSetup {
    /// Aimed at a terminal's or a service's whole group. The server drains its jobs first and then closes the control
    /// channel; only that ends the worker.
    private static let serversMatter = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]

    /// Before Python starts, which takes over what it finds: nothing of the server's dispositions is inherited, and
    /// SIGPIPE is ignored as in every Python process.
    static func resetInWorker() {
        for number in 1...64 where number != Int(SIGKILL) && number != Int(SIGSTOP) {
            signal(Int32(number), SIG_DFL)
        }
        signal(SIGPIPE, SIG_IGN)
        // A file beyond its limit is an OSError, as it is in every Python process.
        signal(SIGXFSZ, SIG_IGN)
    }

    /// Once Python runs: blocks what is read from the returned descriptor and what is meant for jobs.
    ///
    /// - Returns: a descriptor that is readable when a child ended; -1 on failure.
    static func takeOver() -> Int32 {
        for number in serversMatter { signal(number, SIG_IGN) }
        var blocked = set(of: [SIGCHLD] + InterruptSignal.allCases.map(\.rawValue))
        unsafe sigprocmask(SIG_SETMASK, &blocked, nil)
        var children = set(of: [SIGCHLD])
        return unsafe signalfd(-1, &children, Int32(SFD_CLOEXEC) | Int32(SFD_NONBLOCK))
    }

    /// In a child: default dispositions, and a mask that holds only the interrupts, until the runner can take them.
    static func resetInChild() {
        for number in serversMatter { signal(number, SIG_DFL) }
        var blocked = set(of: InterruptSignal.allCases.map(\.rawValue))
        unsafe sigprocmask(SIG_SETMASK, &blocked, nil)
    }

    /// Empties the descriptor of `takeOver`.
    static func drain(_ descriptor: Int32) {
        var buffer = [UInt8](repeating: 0, count: MemoryLayout<signalfd_siginfo>.size)
        while unsafe read(descriptor, &buffer, buffer.count) > 0 {}
    }

    private static func set(of numbers: [Int32]) -> sigset_t {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for number in numbers { unsafe sigaddset(&set, number) }
        return set
    }
}
