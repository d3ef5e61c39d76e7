internal import CLinux
internal import Glibc
internal import RoostEventLoop

/// Starts `roost-python` with a control channel and nothing else of ours.
enum WorkerSpawner {
    /// The control channel's number in the worker.
    private static let controlDescriptor: Int32 = 3

    /// Spawns a worker.
    ///
    /// `TMPDIR` is the folder of the scratch folders: by it the next worker knows what a killed one has left running.
    ///
    /// Its standard input is empty, its standard output goes where our standard error goes (our own standard output
    /// says one line and no more), every descriptor but the control channel is closed, signals are as in a new
    /// process, and it leads a process group, so that Ctrl-C at a terminal reaches the server alone.
    ///
    /// - Throws: `socketpair` or `posix_spawn` with the cause, such as `ENOENT`.
    static func spawn(
        _ executable: String, virtualEnvironment: String?, scratch: String
    ) throws(SystemError) -> WorkerConnection {
        var pair: [Int32] = [-1, -1]
        let kind = Int32(SOCK_SEQPACKET.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard unsafe socketpair(AF_UNIX, kind, 0, &pair) == 0 else { throw .last("socketpair") }
        let ours = OwnedDescriptor(adopting: pair[0])
        let theirs = OwnedDescriptor(adopting: pair[1])
        // Preludes of host modules travel in one packet.
        var size: Int32 = 4 << 20
        let width = socklen_t(MemoryLayout<Int32>.size)
        _ = unsafe setsockopt(ours.rawValue, SOL_SOCKET, SO_SNDBUF, &size, width)
        _ = fcntl(ours.rawValue, F_SETFL, O_NONBLOCK)
        var arguments = [executable, "--control-fd", String(controlDescriptor)]
        if let virtualEnvironment { arguments += ["--venv", virtualEnvironment] }
        let pid = try spawn(arguments, scratch: scratch, control: theirs.rawValue)
        return WorkerConnection(pid: pid, control: ours)
    }

    private static func spawn(_ words: [String], scratch: String, control: Int32) throws(SystemError) -> Int32
    {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, 2, 1)
        unsafe posix_spawn_file_actions_adddup2(&actions, control, controlDescriptor)
        unsafe clinux_spawn_close_from(&actions, controlDescriptor + 1)

        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        unsafe sigemptyset(&none)
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
        unsafe posix_spawnattr_setflags(&attributes, Int16(flags))

        var pid: Int32 = 0
        let code = unsafe withCStrings(words) { arguments in
            unsafe withCStrings(WorkerEnvironment.current(scratch: scratch)) { environment in
                unsafe posix_spawn(&pid, words[0], &actions, &attributes, arguments, environment)
            }
        }
        guard code == 0 else { throw SystemError(code, "posix_spawn") }
        return pid
    }

    /// Calls `body` with a null-terminated array of C strings that lives as long as the call.
    private static func withCStrings<Result>(
        _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers = unsafe strings.map { unsafe strdup($0) }
        unsafe pointers.append(nil)
        defer { unsafe pointers.forEach { unsafe free($0) } }
        return unsafe pointers.withUnsafeBufferPointer { buffer in
            // The array has its terminator, so it is not empty and has a base address.
            unsafe body(buffer.baseAddress.unsafelyUnwrapped)
        }
    }
}
