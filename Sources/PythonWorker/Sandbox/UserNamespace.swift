import CLinux
import Glibc

/// A user namespace in which this user is still itself, with all capabilities over what is made in it
/// (user_namespaces(7)).
enum UserNamespace {
    /// Moves this process, which must have one thread, into a new one.
    ///
    /// - Returns: false, with `errno` set, where users may not make one.
    static func enter() -> Bool {
        let (user, group) = (geteuid(), getegid())
        guard clinux_unshare(CLINUX_CLONE_NEWUSER) == 0 else { return false }
        return SmallFile.write("/proc/self/setgroups", "deny")
            && SmallFile.write("/proc/self/uid_map", "\(user) \(user) 1")
            && SmallFile.write("/proc/self/gid_map", "\(group) \(group) 1")
    }
}
