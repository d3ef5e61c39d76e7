import CLinux
import Glibc

/// The filter over `SystemCalls` as a program of classic BPF (seccomp(2)).
struct SystemCallFilter {
    private enum Architecture {
        static let x86: UInt32 = 0xC000_003E
        static let arm: UInt32 = 0xC000_00B7
    }
    /// Offsets in `struct seccomp_data`; both architectures have the low half of an argument first.
    private enum Offset {
        static let number: UInt32 = 0
        static let architecture: UInt32 = 4
        static let firstArgument: UInt32 = 16
    }
    private enum Code {
        static let load: UInt16 = 0x20  // BPF_LD | BPF_W | BPF_ABS
        static let isEqual: UInt16 = 0x15  // BPF_JMP | BPF_JEQ | BPF_K
        static let isAtLeast: UInt16 = 0x35  // BPF_JMP | BPF_JGE | BPF_K
        static let hasAny: UInt16 = 0x45  // BPF_JMP | BPF_JSET | BPF_K
        static let end: UInt16 = 0x06  // BPF_RET | BPF_K
    }
    private enum Verdict {
        static let allow: UInt32 = 0x7FFF_0000
        static let kill: UInt32 = 0x8000_0000
        static func error(_ number: Int32) -> UInt32 { 0x0005_0000 | UInt32(number) }
    }

    /// What the kernel gets.
    let program: [sock_filter]

    /// For the architecture this program was built for; nil for one that has no numbers here.
    init?() {
        #if arch(x86_64)
            let (architecture, number) = (Architecture.x86, \SystemCalls.Refused.x86)
        #elseif arch(arm64)
            let (architecture, number) = (Architecture.arm, \SystemCalls.Refused.arm)
        #else
            return nil
        #endif
        var program = [
            Self.load(Offset.architecture), Self.jump(Code.isEqual, architecture, 1, 0),
            Self.end(Verdict.kill),
            Self.load(Offset.number),
        ]
        if architecture == Architecture.x86 {
            // The x32 interface has the same architecture and other numbers.
            program += [Self.jump(Code.isAtLeast, 0x4000_0000, 0, 1), Self.end(Verdict.kill)]
        }
        for call in SystemCalls.refused {
            guard let value = call[keyPath: number] else { continue }
            program += [Self.jump(Code.isEqual, value, 0, 1), Self.end(Verdict.error(EPERM))]
        }
        if let value = SystemCalls.clone3[keyPath: number] {
            program += [Self.jump(Code.isEqual, value, 0, 1), Self.end(Verdict.error(ENOSYS))]
        }
        if let value = SystemCalls.clone[keyPath: number] {
            program += [
                Self.jump(Code.isEqual, value, 0, 4), Self.load(Offset.firstArgument),
                Self.jump(Code.hasAny, SystemCalls.namespaceFlags, 0, 1), Self.end(Verdict.error(EPERM)),
                Self.end(Verdict.allow),
            ]
        }
        if let value = SystemCalls.socket[keyPath: number] {
            let families = SystemCalls.socketFamilies
            program += [
                Self.jump(Code.isEqual, value, 0, UInt8(2 + families.count)), Self.load(Offset.firstArgument),
            ]
            for (index, family) in families.enumerated() {
                program.append(Self.jump(Code.isEqual, family, UInt8(families.count - index), 0))
            }
            program.append(Self.end(Verdict.error(EAFNOSUPPORT)))
        }
        program.append(Self.end(Verdict.allow))
        self.program = program
    }

    /// Installs it for this process and all it starts; needs `no_new_privs`.
    ///
    /// - Returns: false, with `errno` set, when the kernel refuses it.
    func install() -> Bool {
        unsafe program.withUnsafeBufferPointer { program in
            unsafe clinux_install_filter(program.baseAddress, UInt16(program.count)) == 0
        }
    }

    private static func load(_ offset: UInt32) -> sock_filter {
        sock_filter(code: Code.load, jt: 0, jf: 0, k: offset)
    }

    private static func jump(_ code: UInt16, _ value: UInt32, _ yes: UInt8, _ no: UInt8) -> sock_filter {
        sock_filter(code: code, jt: yes, jf: no, k: value)
    }

    private static func end(_ verdict: UInt32) -> sock_filter {
        sock_filter(code: Code.end, jt: 0, jf: 0, k: verdict)
    }
}
