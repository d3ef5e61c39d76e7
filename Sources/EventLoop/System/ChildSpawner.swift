internal import CLinux
internal import Glibc

/// Starts helper programs with one channel to us and nothing else of ours.
package enum ChildSpawner {
    /// The channel's number in the child.
    package static let channelDescriptor: Int32 = 3

    /// Spawns a program.
    ///
    /// Its standard input is empty, its standard output goes where our standard error goes (our own standard output
    /// says one line and no more), every descriptor but the channel is closed, signals are as in a new process, and it
    /// leads a process group, so that Ctrl-C at a terminal reaches the server alone.
    ///
    /// - Parameters:
    ///   - executable: Its path.
    ///   - arguments: Without its name.
    ///   - environment: `NAME=value` lines: all it gets.
    ///   - channel: Ours to close; the child has it as ``channelDescriptor``.
    /// - Returns: The process id.
    /// - Throws: `posix_spawn` with the cause, such as `ENOENT`.
    package static func spawn(
        _ executable: String, arguments: [String], environment: [String], channel: Int32
    ) throws(SystemError) -> Int32 {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, 2, 1)
        unsafe posix_spawn_file_actions_adddup2(&actions, channel, channelDescriptor)
        unsafe clinux_spawn_close_from(&actions, channelDescriptor + 1)

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
        let code = unsafe withCStrings([executable] + arguments) { arguments in
            unsafe withCStrings(environment) { environment in
                unsafe posix_spawn(&pid, executable, &actions, &attributes, arguments, environment)
            }
        }
        guard code == 0 else { throw SystemError(code, "posix_spawn") }
        return pid
    }

    /// The `NAME=value` lines of this process whose name may be passed on.
    package static func environment(where isAllowed: (String) -> Bool) -> [String] {
        var lines: [String] = []
        var entry = unsafe environ
        while let text = unsafe entry.pointee {
            let line = unsafe String(cString: text)
            if isAllowed(String(line.prefix { $0 != "=" })) { lines.append(line) }
            unsafe entry += 1
        }
        return lines
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
