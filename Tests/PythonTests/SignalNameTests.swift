import Testing

@testable import RoostPython

@Suite struct `Exit causes` {
    @Test(arguments: [
        (Int32(1), "SIGHUP"), (9, "SIGKILL"), (11, "SIGSEGV"), (24, "SIGXCPU"), (31, "SIGSYS"), (32, "signal 32"),
        (34, "SIGRTMIN"), (36, "SIGRTMIN+2"), (64, "SIGRTMAX"), (99, "signal 99"),
    ])
    func `signals have names`(_ signal: Int32, _ name: String) { #expect(SignalName.of(signal) == name) }

    @Test func `a raw wait status is read`() {
        #expect(ExitCause(waitStatus: 0) == .exited(0))
        #expect(ExitCause(waitStatus: 3 << 8) == .exited(3))
        #expect(ExitCause(waitStatus: 11) == .signalled(11))
        #expect(ExitCause(waitStatus: 11 | 0x80) == .signalled(11), "with a core file")
    }
}
