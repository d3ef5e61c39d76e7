internal import CLinux
internal import Glibc
internal import RoostEventLoop

/// The few socket calls of a server.
enum Sockets {
    /// A socket that listens on `address`.
    ///
    /// `SO_REUSEADDR` lets a new server start while old connections die away. `SO_REUSEPORT` is left out on
    /// purpose: with it any process of the same user could bind the port too and take requests.
    ///
    /// - Throws: `socket`, `setsockopt`, `bind` (`EADDRINUSE`, `EADDRNOTAVAIL`, `EACCES`) or `listen`.
    static func listen(on address: SocketAddress, backlog: Int32) throws(SystemError) -> OwnedDescriptor {
        let flags = CLINUX_SOCK_STREAM | CLINUX_SOCK_NONBLOCK | CLINUX_SOCK_CLOEXEC
        let socket = try OwnedDescriptor(result: Glibc.socket(address.family, flags, 0), of: "socket")
        try set(socket.rawValue, SOL_SOCKET, SO_REUSEADDR, 1)
        if address.family == AF_INET6 {
            try set(socket.rawValue, CLINUX_IPPROTO_IPV6, IPV6_V6ONLY, 1)
        }
        guard unsafe address.withKernelForm({ unsafe bind(socket.rawValue, $0, $1) }) == 0 else {
            throw .last("bind")
        }
        guard Glibc.listen(socket.rawValue, backlog) == 0 else { throw .last("listen") }
        return socket
    }

    /// The port a socket is bound to.
    ///
    /// - Throws: `getsockname`.
    static func port(of descriptor: Int32) throws(SystemError) -> Int {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(descriptor, $0, &length)
            }
        }
        guard result == 0 else { throw .last("getsockname") }
        return SocketAddress(storage)?.port ?? 0
    }

    /// Accepts one connection, non-blocking, without Nagle's delay; nil when none waits.
    ///
    /// - Throws: `accept4`, such as `EMFILE`.
    static func accept(_ listener: Int32) throws(SystemError) -> (socket: Int32, peer: SocketAddress?)? {
        while true {
            var storage = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let result = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe clinux_accept4(listener, $0, &length, CLINUX_SOCK_NONBLOCK | CLINUX_SOCK_CLOEXEC)
                }
            }
            if result >= 0 {
                try? set(result, CLINUX_IPPROTO_TCP, TCP_NODELAY, 1)
                return (result, SocketAddress(storage))
            }
            switch errno {
            case EAGAIN: return nil
            // The connection died in the queue (accept(2) lists these); the next may be well.
            case EINTR, ECONNABORTED, ENETDOWN, EPROTO, ENOPROTOOPT, EHOSTDOWN, EHOSTUNREACH, EOPNOTSUPP,
                ENETUNREACH, EPERM:
                continue
            default: throw .last("accept4")
            }
        }
    }

    /// Makes `close` send a reset instead of an orderly end.
    static func resetOnClose(_ descriptor: Int32) {
        var value = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_LINGER, &value, socklen_t(MemoryLayout<linger>.size))
    }

    private static func set(
        _ descriptor: Int32, _ level: Int32, _ option: Int32, _ value: Int32
    ) throws(SystemError) {
        var value = value
        guard unsafe setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size)) == 0
        else { throw .last("setsockopt") }
    }
}
