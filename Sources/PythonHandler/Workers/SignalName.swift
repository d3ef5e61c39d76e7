/// Names of signals as people know them (signal(7), Linux on x86-64 and arm64).
package enum SignalName {
    /// `SIGSEGV` for 11, `SIGRTMIN+2` for 36, `signal 99` for what has no name.
    package static func of(_ signal: Int32) -> String {
        if let name = names[signal] { return name }
        // glibc keeps 32 and 33 for itself; programs see SIGRTMIN as 34 and SIGRTMAX as 64.
        return switch signal {
        case 34: "SIGRTMIN"
        case 35..<64: "SIGRTMIN+\(signal - 34)"
        case 64: "SIGRTMAX"
        default: "signal \(signal)"
        }
    }

    /// The number of what ``of(_:)`` gave; nil for any other text.
    package static func number(_ name: String) -> Int? { (1...127).first { of(Int32($0)) == name } }

    private static let names: [Int32: String] = [
        1: "SIGHUP", 2: "SIGINT", 3: "SIGQUIT", 4: "SIGILL", 5: "SIGTRAP", 6: "SIGABRT", 7: "SIGBUS",
        8: "SIGFPE", 9: "SIGKILL", 10: "SIGUSR1", 11: "SIGSEGV", 12: "SIGUSR2", 13: "SIGPIPE", 14: "SIGALRM",
        15: "SIGTERM", 16: "SIGSTKFLT", 17: "SIGCHLD", 18: "SIGCONT", 19: "SIGSTOP", 20: "SIGTSTP",
        21: "SIGTTIN", 22: "SIGTTOU", 23: "SIGURG", 24: "SIGXCPU", 25: "SIGXFSZ", 26: "SIGVTALRM",
        27: "SIGPROF", 28: "SIGWINCH", 29: "SIGIO", 30: "SIGPWR", 31: "SIGSYS",
    ]
}
