internal import CLinux
internal import Glibc
internal import RoostEventLoop
internal import RoostPythonWire

/// The server's side of a running `roost-python`: its pid and the control channel. Belongs to the engine's actor.
final class WorkerConnection {
    let pid: Int32
    let control: OwnedDescriptor
    var registration: EventLoop.Registration?
    private var outgoing: [[UInt8]] = []
    private var buffer = [UInt8](repeating: 0, count: 65_536)

    init(pid: Int32, control: consuming OwnedDescriptor) {
        self.pid = pid
        self.control = control
    }

    func enqueue(_ request: WorkerRequest) { outgoing.append(request.encoded) }

    /// Sends whole packets while the channel takes them.
    ///
    /// - Returns: True when all are sent.
    func flush() throws(SystemError) -> Bool {
        while let packet = outgoing.first {
            guard case .bytes = try NonBlocking.send(control.rawValue, packet) else { return false }
            outgoing.removeFirst()
        }
        return true
    }

    /// What one read of the channel gives.
    enum Received: ~Copyable {
        case packet([UInt8], [Int32])
        case wouldBlock
        case end
    }

    /// Takes one packet with its descriptors, which are then the caller's to close.
    ///
    /// The layout of the control buffer is that of cmsg(3): `cmsghdr` is a length (8 bytes), a level and a type (4
    /// bytes each), followed by the descriptors (4 bytes each).
    func receive() throws(SystemError) -> Received {
        var ancillary: [8 of UInt64] = [0, 0, 0, 0, 0, 0, 0, 0]
        var count = -1
        var used = 0
        repeat {
            // Both pointers are used only inside the call that they are taken for.
            unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe withUnsafeMutableBytes(of: &ancillary) { control in
                    var vector = unsafe iovec(iov_base: bytes.baseAddress, iov_len: bytes.count)
                    unsafe withUnsafeMutablePointer(to: &vector) { vector in
                        var message = unsafe msghdr()
                        unsafe message.msg_iov = vector
                        unsafe message.msg_iovlen = 1
                        unsafe message.msg_control = control.baseAddress
                        unsafe message.msg_controllen = control.count
                        let flags = Int32(MSG_DONTWAIT) | Int32(MSG_CMSG_CLOEXEC)
                        count = unsafe recvmsg(self.control.rawValue, &message, flags)
                        used = unsafe min(message.msg_controllen, control.count)
                    }
                }
            }
        } while count < 0 && errno == EINTR
        if count < 0 {
            if errno == EAGAIN { return .wouldBlock }
            // The worker ended with something of ours unread: an end all the same.
            if errno == ECONNRESET { return .end }
            throw .last("recvmsg")
        }
        let descriptors = unsafe withUnsafeBytes(of: ancillary) {
            unsafe Self.descriptors(in: $0, used: used)
        }
        if count == 0 {
            for descriptor in descriptors { close(descriptor) }
            return .end
        }
        return .packet(Array(buffer[..<count]), descriptors)
    }

    private static func descriptors(in control: UnsafeRawBufferPointer, used: Int) -> [Int32] {
        guard used >= 16 else { return [] }
        let length = unsafe Int(clamping: control.loadUnaligned(fromByteOffset: 0, as: UInt64.self))
        let level = unsafe control.loadUnaligned(fromByteOffset: 8, as: Int32.self)
        let type = unsafe control.loadUnaligned(fromByteOffset: 12, as: Int32.self)
        guard level == SOL_SOCKET, type == 0x01 /* SCM_RIGHTS */, length >= 16 else { return [] }
        let end = min(length, used, control.count)
        return stride(from: 16, through: end - 4, by: 4).map {
            unsafe control.loadUnaligned(fromByteOffset: $0, as: Int32.self)
        }
    }
}
