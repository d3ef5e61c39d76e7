internal import RoostPythonWire

/// How the jobs of an engine are confined (contract §8; Documentation/Security.md says what each mode promises).
public struct PythonSandbox: Sendable, Equatable {
    /// How far.
    public enum Mode: String, Sendable, CaseIterable {
        /// Nothing outlives a job, and no more than that.
        case off
        /// Resource limits, no new privileges, and no reach to the server or another job.
        case limits
        /// No network, files read-only, a process table of its own and a system-call filter as well.
        case strict
    }

    /// How far.
    public var mode: Mode
    /// Bytes of address space of each process; in `strict` also of memory of the whole job.
    public var memoryLimit: Int
    /// Processes and threads of each job.
    public var processLimit: Int
    /// Bytes of each file that a job writes.
    public var fileLimit: Int
    /// The first user id of the jobs' users, when the server runs as root; up to 4096 from there on are used.
    public var jobUserBase: Int
    /// Files and folders that no job may read, such as the database; absolute, without symbolic links.
    ///
    /// Jobs with users of their own are kept from them by their permissions, others by Landlock, in `strict` all by
    /// their own mounts.
    public var protectedPaths: [String]

    /// The defaults of `roost serve`.
    public init(
        mode: Mode = .limits, memoryLimit: Int = 1 << 30, processLimit: Int = 64, fileLimit: Int = 256 << 20,
        jobUserBase: Int = 61_000, protectedPaths: [String] = []
    ) {
        self.mode = mode
        self.memoryLimit = memoryLimit
        self.processLimit = processLimit
        self.fileLimit = fileLimit
        self.jobUserBase = jobUserBase
        self.protectedPaths = protectedPaths
    }

    var settings: SandboxSettings {
        let mode: SandboxMode =
            switch mode {
            case .off: .off
            case .limits: .limits
            case .strict: .strict
            }
        return SandboxSettings(
            mode: mode, memoryBytes: UInt64(clamping: memoryLimit), processes: UInt64(clamping: processLimit),
            fileBytes: UInt64(clamping: fileLimit), userBase: UInt32(clamping: jobUserBase),
            protectedPaths: protectedPaths)
    }

    /// What the sandbox of a running engine enforces on this machine.
    public struct Status: Sendable, Equatable {
        /// The mode asked for.
        public var mode: Mode
        /// What holds for every job, by short names such as `memory`.
        public var enforced: [String]
        /// What the mode promises and this kernel, or this user, cannot give.
        public var missing: [String]
    }
}
