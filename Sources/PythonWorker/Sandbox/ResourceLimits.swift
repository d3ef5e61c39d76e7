import CLinux
import Glibc
import RoostPythonWire

/// The limits of setrlimit(2) that every process of a job has.
enum ResourceLimits {
    /// Files that a process may have open.
    static let openFiles: UInt64 = 256

    /// Sets them for this process and all it starts.
    ///
    /// - Parameters:
    ///   - settings: the numbers.
    ///   - countsProcesses: whether the kernel counts the processes of this job apart from others.
    /// - Returns: false, with `errno` set, when one cannot be set.
    static func apply(_ settings: SandboxSettings, countsProcesses: Bool) -> Bool {
        set(RLIMIT_AS, settings.memoryBytes) && set(RLIMIT_FSIZE, settings.fileBytes)
            && set(RLIMIT_NOFILE, openFiles) && set(RLIMIT_CORE, 0)
            && (!countsProcesses || set(__RLIMIT_NPROC, settings.processes))
    }

    /// Whether they hold for this process.
    static func hold(_ settings: SandboxSettings) -> [(name: String, holds: Bool)] {
        [
            ("memory", get(RLIMIT_AS) <= settings.memoryBytes),
            ("processes", get(__RLIMIT_NPROC) <= settings.processes),
            ("file_size", get(RLIMIT_FSIZE) <= settings.fileBytes),
            ("open_files", get(RLIMIT_NOFILE) <= openFiles), ("no_core_files", get(RLIMIT_CORE) == 0),
        ]
    }

    /// Never above what this process was itself given.
    private static func set(_ resource: __rlimit_resource, _ value: UInt64) -> Bool {
        let number = __rlimit_resource_t(resource.rawValue)
        var limit = rlimit()
        guard unsafe getrlimit(number, &limit) == 0 else { return false }
        let most = min(rlim_t(value), limit.rlim_max)
        limit = rlimit(rlim_cur: most, rlim_max: most)
        return unsafe setrlimit(number, &limit) == 0
    }

    private static func get(_ resource: __rlimit_resource) -> UInt64 {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0 else { return .max }
        return UInt64(limit.rlim_max)
    }
}
