/// The system calls that no job of a strict sandbox may make: the one list of them.
enum SystemCalls {
    /// A call's numbers; nil where an architecture does not have it.
    struct Refused {
        let name: String
        let x86: UInt32?
        let arm: UInt32?

        init(_ name: String, _ x86: UInt32?, _ arm: UInt32?) {
            self.name = name
            self.x86 = x86
            self.arm = arm
        }

        /// From 424 on all architectures number alike.
        init(_ name: String, _ number: UInt32) { self.init(name, number, number) }
    }

    /// Answered with EPERM. Numbers of x86-64 and aarch64.
    static let refused: [Refused] = [
        // Mounts and roots.
        .init("mount", 165, 40), .init("umount2", 166, 39), .init("pivot_root", 155, 41),
        .init("chroot", 161, 51), .init("open_tree", 428), .init("move_mount", 429), .init("fsopen", 430),
        .init("fsconfig", 431), .init("fsmount", 432), .init("fspick", 433), .init("mount_setattr", 442),
        .init("quotactl", 179, 60), .init("quotactl_fd", 443), .init("swapon", 167, 224),
        .init("swapoff", 168, 225), .init("name_to_handle_at", 303, 264),
        .init("open_by_handle_at", 304, 265),
        // Other processes.
        .init("ptrace", 101, 117), .init("process_vm_readv", 310, 270),
        .init("process_vm_writev", 311, 271), .init("kcmp", 312, 272), .init("pidfd_getfd", 438),
        .init("process_madvise", 440),
        // Programs in the kernel, and interfaces with a history of their own.
        .init("bpf", 321, 280), .init("perf_event_open", 298, 241), .init("userfaultfd", 323, 282),
        .init("io_uring_setup", 425), .init("io_uring_enter", 426), .init("io_uring_register", 427),
        .init("fanotify_init", 300, 262),
        // Keyrings.
        .init("add_key", 248, 217), .init("request_key", 249, 218), .init("keyctl", 250, 219),
        // Modules and kernels.
        .init("init_module", 175, 105), .init("finit_module", 313, 273), .init("delete_module", 176, 106),
        .init("kexec_load", 246, 104), .init("kexec_file_load", 320, 294), .init("reboot", 169, 142),
        .init("syslog", 103, 116), .init("acct", 163, 89), .init("iopl", 172, nil), .init("ioperm", 173, nil),
        .init("modify_ldt", 154, nil),
        // Clocks and names of the machine.
        .init("settimeofday", 164, 170), .init("clock_settime", 227, 112), .init("adjtimex", 159, 171),
        .init("clock_adjtime", 305, 266), .init("sethostname", 170, 161), .init("setdomainname", 171, 162),
        // Namespaces; see `clone` and `clone3` below.
        .init("unshare", 272, 97), .init("setns", 308, 268),
    ]

    /// Allowed without the flags of new namespaces.
    static let clone = Refused("clone", 56, 220)
    /// CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET.
    static let namespaceFlags: UInt32 = 0x7E02_0000
    /// Its flags are in memory, where a filter cannot look: answered with ENOSYS, on which glibc turns to `clone`.
    static let clone3 = Refused("clone3", 435)
    /// Allowed for these families: AF_UNIX, AF_INET, AF_INET6, AF_NETLINK. The network namespace has them in hand;
    /// others, such as AF_VSOCK, it has not.
    static let socket = Refused("socket", 41, 198)
    static let socketFamilies: [UInt32] = [1, 2, 10, 16]
}
