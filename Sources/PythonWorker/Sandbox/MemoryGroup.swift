import Glibc

/// A control group of the memory controller, of either version (cgroups(7)).
///
/// It bounds what all processes of a job use together, and counts whom the kernel killed for want of memory.
struct MemoryGroup {
    private let folder: Int32
    private let isSecondVersion: Bool

    /// The group this process is in; nil where there is no memory controller.
    static func own() -> MemoryGroup? {
        let lines = (SmallFile.read("/proc/self/cgroup") ?? "").split(separator: "\n")
        for line in lines {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            if fields[1].split(separator: ",").contains("memory") {
                return MemoryGroup(path: "/sys/fs/cgroup/memory\(fields[2])", isSecondVersion: false)
            }
            if fields[0] == "0", fields[1].isEmpty {
                let path = "/sys/fs/cgroup\(fields[2])"
                if SmallFile.read(path + "/memory.events") != nil {
                    return MemoryGroup(path: path, isSecondVersion: true)
                }
            }
        }
        return nil
    }

    private init?(path: String, isSecondVersion: Bool) {
        self.init(at: unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), isSecondVersion: isSecondVersion)
    }

    private init?(at folder: Int32, isSecondVersion: Bool) {
        guard folder >= 0 else { return nil }
        self.folder = folder
        self.isSecondVersion = isSecondVersion
    }

    /// How many processes the kernel has killed in it for want of memory.
    var kills: Int {
        let name = isSecondVersion ? "memory.events" : "memory.oom_control"
        for line in (SmallFile.read(name, in: folder) ?? "").split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2, words[0] == "oom_kill" { return Int(words[1]) ?? 0 }
        }
        return 0
    }

    /// A group below this one, made where it is not there yet.
    ///
    /// - Returns: nil when it cannot be made or not be bounded.
    func child(_ name: String, bytes: UInt64) -> MemoryGroup? {
        guard unsafe mkdirat(folder, name, 0o755) == 0 || errno == EEXIST else { return nil }
        let opened = unsafe openat(folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard let group = MemoryGroup(at: opened, isSecondVersion: isSecondVersion) else { return nil }
        let limit = isSecondVersion ? "memory.max" : "memory.limit_in_bytes"
        guard SmallFile.write(limit, String(bytes), in: opened) else {
            close(opened)
            remove(name)
            return nil
        }
        // Without swap, or without its accounting, there is no such file.
        let swap = isSecondVersion ? ("memory.swap.max", "0") : ("memory.memsw.limit_in_bytes", String(bytes))
        _ = SmallFile.write(swap.0, swap.1, in: opened)
        // A job of which something was killed is ended as a whole; the first version knows no such thing.
        if isSecondVersion { _ = SmallFile.write("memory.oom.group", "1", in: opened) }
        return group
    }

    /// Moves this process into it.
    func enter() -> Bool { SmallFile.write("cgroup.procs", "0", in: folder) }

    /// Removes a group below this one, if nobody is in it.
    func remove(_ name: String) { unsafe unlinkat(folder, name, AT_REMOVEDIR) }
}
