import Glibc

/// File systems that only one program sees, and that are gone with it.
enum OwnMounts {
    /// False where we may not mount anything, or the tools are missing.
    static let isPossible: Bool = {
        guard geteuid() == 0, let folder = try? TemporaryFolder() else { return false }
        let line = command("mount -t tmpfs -o size=64k none '\(folder.path)'") + ["/bin/true"]
        guard let process = try? ChildProcess(line[0], Array(line.dropFirst()), environment: [:]) else { return false }
        let deadline = Deadline(in: .seconds(20))
        while !deadline.hasPassed, process.ending == nil { usleep(10_000) }
        return process.ending == .exit(0)
    }()

    /// For `.enabled(if:)`.
    static let reason = "needs root, unshare, and a kernel that lets us mount"

    /// What stands before a command so that it has the mounts these lines of shell make; the process keeps its id.
    static func command(_ mounts: String) -> [String] {
        ["/usr/bin/unshare", "--mount", "/bin/sh", "-c", "PATH=/usr/sbin:/usr/bin:/sbin:/bin; \(mounts) && exec \"$0\" \"$@\""]
    }

    /// A path as the process sees it, seen from here.
    static func path(_ path: String, of process: ChildProcess) -> String { "/proc/\(process.id)/root\(path)" }
}
