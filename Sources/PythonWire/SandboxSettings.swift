/// How far jobs are confined (contract §8).
public enum SandboxMode: UInt8, Sendable, CaseIterable {
    /// Nothing outlives a job, and no more than that.
    case off = 0
    /// Resource limits, no new privileges, and no reach to the server or another job.
    case limits = 1
    /// No network, files read-only, a process table of its own and a system-call filter as well.
    case strict = 2

    /// `off`, `limits`, `strict`.
    public var name: String {
        switch self {
        case .off: "off"
        case .limits: "limits"
        case .strict: "strict"
        }
    }
}

/// What the server wants of the sandbox of its jobs.
public struct SandboxSettings: Sendable, Equatable {
    /// How far.
    public var mode: SandboxMode
    /// Bytes of address space of each process; in `strict` also of memory of the whole job.
    public var memoryBytes: UInt64
    /// Processes and threads of each job.
    public var processes: UInt64
    /// Bytes of each file that a job writes.
    public var fileBytes: UInt64
    /// The first user id of the jobs' users, when the server runs as root.
    public var userBase: UInt32
    /// Files and folders that jobs may not read where Landlock keeps them away: absolute paths without NUL.
    public var protectedPaths: [String]

    /// The contract's defaults.
    public init(
        mode: SandboxMode = .limits, memoryBytes: UInt64 = 1 << 30, processes: UInt64 = 64,
        fileBytes: UInt64 = 256 << 20, userBase: UInt32 = 61_000, protectedPaths: [String] = []
    ) {
        self.mode = mode
        self.memoryBytes = memoryBytes
        self.processes = processes
        self.fileBytes = fileBytes
        self.userBase = userBase
        self.protectedPaths = protectedPaths
    }

    /// The payload of `WorkerRequest.confine`.
    var encoded: [UInt8] {
        var payload = [mode.rawValue]
        payload.appendLittleEndian(memoryBytes)
        payload.appendLittleEndian(processes)
        payload.appendLittleEndian(fileBytes)
        payload.appendLittleEndian(userBase)
        payload += protectedPaths.joined(separator: "\0").utf8
        return payload
    }

    /// Reads a payload; nil when it is none.
    init?(_ reader: inout ByteReader) {
        guard let mode = reader.byte().flatMap(SandboxMode.init(rawValue:)),
            let memory = reader.integer(UInt64.self), let processes = reader.integer(UInt64.self),
            let file = reader.integer(UInt64.self), let base = reader.integer(UInt32.self),
            let paths = reader.remainingText()
        else { return nil }
        self.init(
            mode: mode, memoryBytes: memory, processes: processes, fileBytes: file, userBase: base,
            protectedPaths: paths.split(separator: "\0").map(String.init))
    }
}
