/// What `roost-python` tells the server on the control channel.
///
/// One message is one `SOCK_SEQPACKET` packet, a type byte and a payload. Integers are little-endian.
public enum WorkerEvent: Equatable, Sendable {
    /// The interpreter runs and `configure` was applied; the embedded Python's version, such as `3.11.2`.
    case ready(pythonVersion: String)
    /// What the sandbox enforces here; before `ready`, when the server sent `confine`.
    case sandbox(SandboxReport)
    /// The worker cannot work and exits with status 1 after this; the reason in one line or a few.
    case failed(reason: String)
    /// A child is there. The packet carries exactly three descriptors by `SCM_RIGHTS`, in this order: the job
    /// socket, the read end of its standard output, the read end of its standard error.
    case forked(token: UInt64, pid: Int32)
    /// No child could be made; the `errno` of the call that failed (`EAGAIN`, `EMFILE`, …).
    case forkFailed(token: UInt64, errno: Int32)
    /// The kernel killed a process of this job for want of memory; its `exited` follows at once.
    case outOfMemory(pid: Int32)
    /// A job's leader was reaped, after its process group was killed: the raw status of `waitpid(2)`.
    case exited(pid: Int32, status: Int32)
    /// A line, or a few, for the server's log: what the start of the interpreter has to say. Before `ready` or `failed`.
    case note(level: RunnerLogLevel, text: String)

    private enum Code {
        static let ready: UInt8 = 0x81
        static let failed: UInt8 = 0x82
        static let forked: UInt8 = 0x83
        static let forkFailed: UInt8 = 0x84
        static let exited: UInt8 = 0x85
        static let note: UInt8 = 0x86
        static let sandbox: UInt8 = 0xC0
        static let outOfMemory: UInt8 = 0xC1
    }

    /// How many descriptors the packet of this message carries.
    public var descriptorCount: Int {
        if case .forked = self { 3 } else { 0 }
    }

    /// The packet for this message, without its descriptors.
    public var encoded: [UInt8] {
        var packet: [UInt8]
        switch self {
        case .ready(let version):
            packet = [Code.ready] + version.utf8
        case .sandbox(let report):
            packet = [Code.sandbox] + report.encoded
        case .outOfMemory(let pid):
            packet = [Code.outOfMemory]
            packet.appendLittleEndian(pid)
        case .failed(let reason):
            packet = [Code.failed] + reason.utf8
        case .forked(let token, let pid):
            packet = [Code.forked]
            packet.appendLittleEndian(token)
            packet.appendLittleEndian(pid)
        case .forkFailed(let token, let errno):
            packet = [Code.forkFailed]
            packet.appendLittleEndian(token)
            packet.appendLittleEndian(errno)
        case .exited(let pid, let status):
            packet = [Code.exited]
            packet.appendLittleEndian(pid)
            packet.appendLittleEndian(status)
        case .note(let level, let text):
            packet = [Code.note, level.rawValue] + text.utf8
        }
        return packet
    }

    /// Reads one packet.
    ///
    /// - Parameter packet: one whole packet; its descriptors are the caller's matter.
    /// - Throws: `WireError.empty`, `.unknownType` or `.malformed`.
    public init(packet: [UInt8]) throws(WireError) {
        guard let type = packet.first else { throw .empty }
        var reader = ByteReader(packet.dropFirst())
        let message: WorkerEvent?
        switch type {
        case Code.ready:
            message = reader.remainingText().map { .ready(pythonVersion: $0) }
        case Code.sandbox:
            message = reader.remainingText().flatMap(SandboxReport.init(text:)).map { .sandbox($0) }
        case Code.outOfMemory:
            message = reader.integer(Int32.self).map { .outOfMemory(pid: $0) }
        case Code.failed:
            message = reader.remainingText().map { .failed(reason: $0) }
        case Code.forked:
            message = reader.tokenAndCode().map { .forked(token: $0, pid: $1) }
        case Code.forkFailed:
            message = reader.tokenAndCode().map { .forkFailed(token: $0, errno: $1) }
        case Code.exited:
            if let pid = reader.integer(Int32.self), let status = reader.integer(Int32.self) {
                message = .exited(pid: pid, status: status)
            } else {
                message = nil
            }
        case Code.note:
            let level = reader.byte().flatMap(RunnerLogLevel.init(rawValue:))
            let text = reader.remainingText()
            message = level.flatMap { level in text.map { .note(level: level, text: $0) } }
        default:
            throw .unknownType(type)
        }
        guard let message, reader.isAtEnd else { throw .malformed(type: type) }
        self = message
    }
}

extension ByteReader {
    fileprivate mutating func tokenAndCode() -> (UInt64, Int32)? {
        guard let token = integer(UInt64.self), let code = integer(Int32.self) else { return nil }
        return (token, code)
    }
}
