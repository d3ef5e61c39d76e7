internal import CLinux
internal import Glibc

/// What came of one non-blocking read or write.
public enum Transfer: Sendable, Equatable {
    /// So many bytes went over; at least one.
    case bytes(Int)
    /// Nothing can be moved now; wait for readiness.
    case wouldBlock
    /// A read found the end: the other side sends no more.
    case end
}

/// Non-blocking reads and writes on plain descriptor numbers. Interrupted calls are repeated.
public enum NonBlocking {
    /// Reads into the front of `buffer`, at most its count.
    ///
    /// - Throws: Any failure but `EAGAIN`, such as `ECONNRESET`.
    public static func read(_ descriptor: Int32, into buffer: inout [UInt8]) throws(SystemError) -> Transfer {
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe Glibc.read(descriptor, bytes.baseAddress, bytes.count)
            }
            if count > 0 { return .bytes(count) }
            if count == 0 { return .end }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .wouldBlock
            default: throw .last("read")
            }
        }
    }

    /// Writes `bytes` from `start` on to a pipe or file; the process must ignore `SIGPIPE`.
    ///
    /// - Throws: Any failure but `EAGAIN`, such as `EPIPE`.
    public static func write(
        _ descriptor: Int32, _ bytes: [UInt8], from start: Int = 0
    ) throws(SystemError) -> Transfer {
        try unsafe transfer("write", bytes, start) { unsafe Glibc.write(descriptor, $0, $1) }
    }

    /// Sends `bytes` from `start` on to a socket; never raises `SIGPIPE`.
    ///
    /// - Parameters:
    ///   - descriptor: A stream socket.
    ///   - bytes: What to send.
    ///   - start: The first byte not yet sent.
    ///   - more: True when more follows at once, so that the kernel may wait for it to fill a packet.
    /// - Returns: `bytes` or `wouldBlock`.
    /// - Throws: Any failure but `EAGAIN`, such as `EPIPE` or `ECONNRESET`.
    public static func send(
        _ descriptor: Int32, _ bytes: [UInt8], from start: Int = 0, more: Bool = false
    ) throws(SystemError) -> Transfer {
        let flags = CLINUX_MSG_NOSIGNAL | (more ? CLINUX_MSG_MORE : 0)
        return try unsafe transfer("send", bytes, start) { unsafe Glibc.send(descriptor, $0, $1, flags) }
    }

    private static func transfer(
        _ name: String, _ bytes: [UInt8], _ start: Int, _ call: (UnsafeRawPointer, Int) -> Int
    ) throws(SystemError) -> Transfer {
        guard start < bytes.count else { return .bytes(0) }
        while true {
            let count = unsafe bytes.withUnsafeBytes { buffer -> Int in
                guard let base = buffer.baseAddress else { return 0 }
                return unsafe call(base + start, buffer.count - start)
            }
            if count >= 0 { return .bytes(count) }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .wouldBlock
            default: throw .last(name)
            }
        }
    }
}
