internal import CLinux
internal import Glibc
internal import RoostEventLoop

/// The file of a listening Unix domain socket (unix(7)), for its owner alone.
final class UnixSocket: Sendable {
    private let path: String
    private let device: UInt64
    private let inode: UInt64

    private init(path: String, _ status: stat) {
        self.path = path
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }

    /// Makes the socket under a name of its own, with mode 0600, and moves it to `path`: nobody else can connect in
    /// between, and a stale socket there is replaced in one step.
    ///
    /// - Throws: ``BindError`` when the path is too long, something else than a socket stands there, or a server
    ///   answers there.
    static func listen(at path: String, backlog: Int32) throws(BindError) -> Listener {
        do throws(SystemError) {
            let temporary = "\(path).\(getpid())"
            guard let address = kernelForm(temporary) else {
                throw SystemError(ENAMETOOLONG, "bind")
            }
            if try isServed(path) { throw SystemError(EADDRINUSE, "bind") }
            let flags = CLINUX_SOCK_STREAM | CLINUX_SOCK_NONBLOCK | CLINUX_SOCK_CLOEXEC
            let socket = try OwnedDescriptor(result: Glibc.socket(AF_UNIX, flags, 0), of: "socket")
            unsafe unlink(temporary)
            guard unsafe call(address, { unsafe bind(socket.rawValue, $0, $1) }) == 0 else {
                throw .last("bind")
            }
            var status = stat()
            guard unsafe chmod(temporary, 0o600) == 0, Glibc.listen(socket.rawValue, backlog) == 0,
                unsafe lstat(temporary, &status) == 0, unsafe rename(temporary, path) == 0
            else {
                let failure = SystemError.last("listen")
                unsafe unlink(temporary)
                throw failure
            }
            return Listener(
                address: path, port: 0, socket: socket, file: UnixSocket(path: path, status))
        } catch {
            throw .unixSocket(path: path, reason: reason(error, path))
        }
    }

    /// Removes the file, if it is still the one made here.
    func remove() {
        var status = stat()
        guard unsafe lstat(path, &status) == 0, UInt64(status.st_dev) == device,
            UInt64(status.st_ino) == inode
        else { return }
        unsafe unlink(path)
    }

    /// True when somebody accepts connections there; a socket that nobody listens at is stale.
    ///
    /// - Throws: `EEXIST` when something else than a socket stands there.
    private static func isServed(_ path: String) throws(SystemError) -> Bool {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return false }
        guard status.st_mode & S_IFMT == S_IFSOCK else { throw SystemError(EEXIST, "bind") }
        guard let address = kernelForm(path) else { return false }
        let flags = CLINUX_SOCK_STREAM | CLINUX_SOCK_NONBLOCK | CLINUX_SOCK_CLOEXEC
        let socket = try OwnedDescriptor(result: Glibc.socket(AF_UNIX, flags, 0), of: "socket")
        // EAGAIN: its queue is full, so somebody listens.
        return unsafe call(address) { unsafe connect(socket.rawValue, $0, $1) } == 0 || errno == EAGAIN
    }

    /// Nil when the path with its NUL does not fit `sun_path` (108 bytes), is empty, or holds a NUL.
    private static func kernelForm(_ path: String) -> sockaddr_un? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        let fits = unsafe withUnsafeMutableBytes(of: &address.sun_path) { room in
            guard !bytes.isEmpty, bytes.count < room.count, !bytes.contains(0) else { return false }
            unsafe room.copyBytes(from: bytes)
            return true
        }
        return fits ? address : nil
    }

    private static func call(
        _ address: sockaddr_un, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = address
        return unsafe withUnsafePointer(to: &address) { pointer in
            // `sockaddr` is the common head of every kernel form.
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    private static func reason(_ error: SystemError, _ path: String) -> String {
        switch error.code {
        case ENAMETOOLONG: "the path is too long for a socket (about 95 bytes at most)"
        case EADDRINUSE: "another server answers there"
        case EEXIST: "something that is no socket is already there"
        default: SystemError.text(of: error.code)
        }
    }
}
