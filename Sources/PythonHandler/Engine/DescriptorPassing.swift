internal import CLinux
internal import Glibc
internal import RoostEventLoop

/// Sends bytes with descriptors (`SCM_RIGHTS`, unix(7)).
enum DescriptorPassing {
    /// Sends what the socket takes of `bytes`; the descriptors go with the first byte. The caller closes its own.
    ///
    /// - Returns: `bytes` or `wouldBlock`.
    /// - Throws: Any failure but `EAGAIN`, such as `EPIPE`.
    static func send(
        _ socket: Int32, _ bytes: [UInt8], descriptors: [Int32]
    ) throws(SystemError) -> Transfer {
        let size = descriptors.count * MemoryLayout<Int32>.size
        // Of 8-byte words: the header in it is aligned so.
        var control = [UInt64](repeating: 0, count: clinux_cmsg_space(size) / 8 + 1)
        while true {
            // The pointers are used only inside the calls that they are taken for.
            let count = unsafe bytes.withUnsafeBytes { bytes in
                unsafe control.withUnsafeMutableBytes { control in
                    var vector = unsafe iovec(
                        iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count)
                    return unsafe withUnsafeMutablePointer(to: &vector) { vector in
                        var message = unsafe msghdr()
                        unsafe message.msg_iov = vector
                        unsafe message.msg_iovlen = 1
                        unsafe message.msg_control = control.baseAddress
                        unsafe message.msg_controllen = clinux_cmsg_space(size)
                        guard let header = unsafe clinux_cmsg_first(&message) else { return -1 }
                        unsafe header.pointee.cmsg_level = SOL_SOCKET
                        unsafe header.pointee.cmsg_type = 0x01  // SCM_RIGHTS
                        unsafe header.pointee.cmsg_len = clinux_cmsg_len(size)
                        // `clinux_cmsg_space` made room for all of them.
                        unsafe descriptors.withUnsafeBytes { numbers in
                            unsafe UnsafeMutableRawBufferPointer(
                                start: clinux_cmsg_data(header), count: size
                            ).copyMemory(from: numbers)
                        }
                        return unsafe sendmsg(socket, &message, Int32(MSG_DONTWAIT) | CLINUX_MSG_NOSIGNAL)
                    }
                }
            }
            if count > 0 { return .bytes(count) }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .wouldBlock
            default: throw .last("sendmsg")
            }
        }
    }
}
