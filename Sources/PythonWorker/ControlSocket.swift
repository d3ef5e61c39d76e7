import CLinux
import Glibc
import RoostPythonWire

/// The worker's end of the control channel. It never blocks: what the server does not take yet waits here.
struct ControlSocket: ~Copyable {
    enum Received {
        case packet([UInt8])
        case nothing
        /// The server ended, or the channel broke: for the worker that is the same.
        case closed
    }

    /// The largest packet taken, in bytes: `configure` carries the host modules' Python.
    static let maxPacketBytes = 4 << 20

    let descriptor: Int32
    private var waiting: [(packet: [UInt8], descriptors: [Int32])] = []
    private(set) var isBroken = false

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Whether the server at the other end of a control channel still lives.
    static func hasServer(_ descriptor: Int32) -> Bool {
        var wait = pollfd(fd: descriptor, events: 0, revents: 0)
        return unsafe poll(&wait, 1, 0) == 0
    }

    /// Whether something waits until the socket can be written.
    var hasWaiting: Bool { !waiting.isEmpty }

    /// Sends, or keeps for `flush`. The descriptors are closed here once they are sent.
    mutating func send(_ event: WorkerEvent, descriptors: [Int32] = []) {
        waiting.append((event.encoded, descriptors))
        flush()
    }

    /// Sends what waits, as far as the server takes it.
    mutating func flush() {
        var sent = 0
        defer { waiting.removeFirst(sent) }
        while sent < waiting.count, !isBroken {
            let next = waiting[sent]
            guard Self.send(next.packet, next.descriptors, on: descriptor) else {
                isBroken = errno != EAGAIN
                return
            }
            for descriptor in next.descriptors { close(descriptor) }
            sent += 1
        }
    }

    /// Reads one packet if there is one.
    func receive() -> Received {
        var buffer = [UInt8](repeating: 0, count: Self.pendingBytes(descriptor))
        let count = unsafe buffer.withUnsafeMutableBytes { bytes in
            unsafe recv(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_DONTWAIT))
        }
        if count > 0 { return .packet(Array(buffer.prefix(count))) }
        return count < 0 && (errno == EAGAIN || errno == EINTR) ? .nothing : .closed
    }

    /// The size of the next packet: its memory is only needed for as long as it is looked at.
    private static func pendingBytes(_ descriptor: Int32) -> Int {
        var byte: UInt8 = 0
        let flags = Int32(MSG_PEEK) | Int32(MSG_TRUNC) | Int32(MSG_DONTWAIT)
        let count = unsafe recv(descriptor, &byte, 1, flags)
        return min(max(count, 1), maxPacketBytes)
    }

    private static func send(_ packet: [UInt8], _ descriptors: [Int32], on socket: Int32) -> Bool {
        var packet = packet
        let payload = descriptors.flatMap { descriptor in
            unsafe withUnsafeBytes(of: descriptor) { unsafe Array($0) }
        }
        // Of 8-byte words: the header in it is aligned so.
        var control = [UInt64](repeating: 0, count: clinux_cmsg_space(payload.count) / 8 + 1)
        let count = unsafe packet.withUnsafeMutableBytes { bytes in
            unsafe control.withUnsafeMutableBytes { controlBytes in
                var vector = unsafe iovec(iov_base: bytes.baseAddress, iov_len: bytes.count)
                return unsafe withUnsafeMutablePointer(to: &vector) { vector in
                    var message = unsafe msghdr()
                    unsafe message.msg_iov = vector
                    unsafe message.msg_iovlen = 1
                    if !payload.isEmpty {
                        unsafe message.msg_control = controlBytes.baseAddress
                        unsafe message.msg_controllen = clinux_cmsg_space(payload.count)
                        unsafe attach(payload, to: &message)
                    }
                    return unsafe sendmsg(socket, &message, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
                }
            }
        }
        return count == packet.count
    }

    private static func attach(_ descriptors: [UInt8], to message: inout msghdr) {
        guard let header = unsafe clinux_cmsg_first(&message) else { return }
        unsafe header.pointee.cmsg_level = SOL_SOCKET
        unsafe header.pointee.cmsg_type = Int32(SCM_RIGHTS)
        unsafe header.pointee.cmsg_len = clinux_cmsg_len(descriptors.count)
        let data = unsafe clinux_cmsg_data(header)
        unsafe UnsafeMutableRawBufferPointer(start: data, count: descriptors.count)
            .copyBytes(from: descriptors)
    }
}
