internal import Glibc
import RoostCore

/// What a discovery file that is already there means for a start (contract §2).
enum DiscoveryCheck: Equatable {
    /// None is there.
    case free
    /// It is stale: replace it, and say why.
    case replace(warning: String)
    /// It belongs to a server that lives: refuse to start.
    case refuse(reason: String)

    /// Looks at the file, the process it names, and asks its port for `/health`.
    static func check(_ path: String) -> DiscoveryCheck {
        guard unsafe access(path, F_OK) == 0 else { return .free }
        guard let content = Files.read(path), let owner = DiscoveryFile.owner(in: content) else {
            return .replace(
                warning: "the discovery file \(path) cannot be read or is malformed; replacing it")
        }
        let pid = pid_t(truncatingIfNeeded: owner.processID)
        if pid == getpid() || (kill(pid, 0) != 0 && errno == ESRCH) {
            return .replace(
                warning: "the discovery file \(path) names process \(pid), which is gone; replacing it")
        }
        if let answer = HealthProbe.ask(port: owner.port), answer == owner.processID {
            return .refuse(
                reason:
                    "this project is already served by process \(pid) on port \(owner.port); stop it first or use that one"
            )
        }
        if isRoost(pid) {
            return .refuse(
                reason:
                    "this project belongs to a Roost server, process \(pid), that does not answer on port \(owner.port); stop it first"
            )
        }
        return .replace(
            warning: "the discovery file \(path) names process \(pid), which is no Roost server; replacing it"
        )
    }

    /// True when the process runs the same program as this one, or one called `roost`.
    private static func isRoost(_ pid: pid_t) -> Bool {
        guard let name = Files.read("/proc/\(pid)/comm"), let own = Files.read("/proc/self/comm") else {
            return false
        }
        return name == own || name == Array("roost\n".utf8)
    }
}
