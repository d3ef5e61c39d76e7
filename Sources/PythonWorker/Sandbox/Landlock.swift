import CLinux
import Glibc

/// Keeps a job away from certain files, and its signals to itself, without privileges (landlock(7), Linux 5.13).
///
/// Landlock can only allow. So everything is allowed but the folders on the way to what is protected; of those, what
/// lies beside the way is allowed piece by piece.
struct Landlock {
    /// From this version on signals can be kept inside (Linux 6.12).
    static let signalVersion: Int32 = 6
    /// More entries than this beside the way are not allowed one by one but not at all: each costs every fork.
    private static let maximumEntries = 256

    /// LANDLOCK_ACCESS_FS_… as the versions of the interface know them: 1, 2 (refer), 3 (truncate), 5 (device ioctl).
    private static func rights(_ version: Int32) -> UInt64 {
        switch version {
        case ..<2: (1 << 13) - 1
        case 2: (1 << 14) - 1
        case 3, 4: (1 << 15) - 1
        default: (1 << 16) - 1
        }
    }
    /// Those that a file has; the others are a folder's.
    private static let fileRights: UInt64 = 1 << 0 | 1 << 1 | 1 << 2 | 1 << 14 | 1 << 15
    /// LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET and LANDLOCK_SCOPE_SIGNAL.
    private static let scopes: UInt64 = 1 | 2

    private let version: Int32
    private let allowed: [String]

    /// Whether signals cannot leave a job.
    var keepsSignals: Bool { version >= Self.signalVersion }

    /// Nil where the kernel has no Landlock.
    ///
    /// - Parameters:
    ///   - protected: absolute paths that jobs must not reach.
    ///   - scratchRoot: the folder of the jobs' own folders; beside it nothing is allowed either, since it stands among
    ///     everybody's temporary files.
    init?(protected: [String], scratchRoot: String) {
        version = clinux_landlock_version()
        guard version > 0 else { return nil }
        let root = scratchRoot.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 }
        allowed = Self.allowed(in: "/", except: protected + [root])
    }

    private static func allowed(in folder: String, except protected: [String]) -> [String] {
        var result: [String] = []
        let names = FolderEntries.names(folder)
        for name in names {
            let path = folder == "/" ? "/" + name : folder + "/" + name
            if protected.contains(path) { continue }
            if protected.contains(where: { $0.hasPrefix(path + "/") }) {
                result += allowed(in: path, except: protected)
            } else if names.count <= maximumEntries {
                result.append(path)
            }
        }
        return result
    }

    /// Restricts this process for good.
    ///
    /// - Parameter scratch: the job's own folder.
    /// - Returns: false, with `errno` set, when it cannot be done.
    func restrict(scratch: String) -> Bool {
        let rights = Self.rights(version)
        let ruleset = clinux_landlock_create(rights, keepsSignals ? Self.scopes : 0, version)
        guard ruleset >= 0 else { return false }
        defer { close(ruleset) }
        for path in allowed { allow(path, rights, ruleset) }
        allow(scratch, rights, ruleset)
        return clinux_landlock_restrict(ruleset) == 0
    }

    /// What is gone by now, or a link, needs no rule: a link's target has its own.
    private func allow(_ path: String, _ rights: UInt64, _ ruleset: Int32) {
        let file = unsafe open(path, CLINUX_O_PATH | O_NOFOLLOW | O_CLOEXEC)
        guard file >= 0 else { return }
        defer { close(file) }
        var status = stat()
        guard unsafe fstat(file, &status) == 0 else { return }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: _ = clinux_landlock_allow(ruleset, file, rights)
        case S_IFLNK: break
        default: _ = clinux_landlock_allow(ruleset, file, rights & Self.fileRights)
        }
    }
}
