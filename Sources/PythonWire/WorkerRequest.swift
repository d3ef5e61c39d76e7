/// What the server asks of `roost-python` on the control channel.
///
/// The channel is an `AF_UNIX`, `SOCK_SEQPACKET` socket: one message is one packet, a type byte and a payload.
/// Integers are little-endian.
public enum WorkerRequest: Equatable, Sendable {
    /// The first message, and only the first: UTF-8 JSON, one object (`scratch`, the bounds, `modules`).
    /// Answered by `WorkerEvent.ready` or `WorkerEvent.failed`.
    case configure([UInt8])
    /// How jobs are confined: once, before `configure`. Without it they are not, as in `SandboxMode.off`.
    /// Answered by `WorkerEvent.sandbox` before `ready`.
    case confine(SandboxSettings)
    /// Fork one child ahead of need. Answered by `forked` or `forkFailed` with the same token.
    case fork(token: UInt64)
    /// Send `signal` to the leader of a job, and to no other process. Ignored for a pid the worker does not hold.
    case signal(pid: Int32, signal: Int32)
    /// Send SIGKILL to the whole process group of a job. Ignored for a pid the worker does not hold.
    case kill(pid: Int32)

    private enum Code {
        static let configure: UInt8 = 0x01
        static let fork: UInt8 = 0x02
        static let signal: UInt8 = 0x03
        static let kill: UInt8 = 0x04
        static let confine: UInt8 = 0x40
    }

    /// The packet for this message.
    public var encoded: [UInt8] {
        var packet: [UInt8]
        switch self {
        case .configure(let json):
            packet = [Code.configure] + json
        case .confine(let settings):
            packet = [Code.confine] + settings.encoded
        case .fork(let token):
            packet = [Code.fork]
            packet.appendLittleEndian(token)
        case .signal(let pid, let signal):
            packet = [Code.signal]
            packet.appendLittleEndian(pid)
            packet.appendLittleEndian(signal)
        case .kill(let pid):
            packet = [Code.kill]
            packet.appendLittleEndian(pid)
        }
        return packet
    }

    /// Reads one packet.
    ///
    /// - Parameter packet: one whole packet.
    /// - Throws: `WireError.empty`, `.unknownType` or `.malformed`.
    public init(packet: [UInt8]) throws(WireError) {
        guard let type = packet.first else { throw .empty }
        var reader = ByteReader(packet.dropFirst())
        let message: WorkerRequest?
        switch type {
        case Code.configure:
            message = .configure(reader.remaining())
        case Code.confine:
            message = SandboxSettings(&reader).map { .confine($0) }
        case Code.fork:
            message = reader.integer(UInt64.self).map { .fork(token: $0) }
        case Code.signal:
            if let pid = reader.integer(Int32.self), let signal = reader.integer(Int32.self) {
                message = .signal(pid: pid, signal: signal)
            } else {
                message = nil
            }
        case Code.kill:
            message = reader.integer(Int32.self).map { .kill(pid: $0) }
        default:
            throw .unknownType(type)
        }
        guard let message, reader.isAtEnd else { throw .malformed(type: type) }
        self = message
    }
}
