internal import CLinux
internal import Glibc
internal import RoostEventLoop

/// Starts `roost-python` with a control channel and nothing else of ours; see ``ChildSpawner``.
enum WorkerSpawner {
    /// Spawns a worker.
    ///
    /// `TMPDIR` is the folder of the scratch folders: by it the next worker knows what a killed one has left running.
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
        var arguments = ["--control-fd", String(ChildSpawner.channelDescriptor)]
        if let virtualEnvironment { arguments += ["--venv", virtualEnvironment] }
        let pid = try ChildSpawner.spawn(
            executable, arguments: arguments, environment: WorkerEnvironment.current(scratch: scratch),
            channel: theirs.rawValue)
        return WorkerConnection(pid: pid, control: ours)
    }
}
