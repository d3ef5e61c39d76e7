import CLinux
import Glibc
import RoostPythonWire

/// Finds out what a sandbox really enforces: a process is confined as a job's is, then tries what it must not be able
/// to do.
enum SandboxProbe {
    /// Those without which a strict sandbox is none.
    private static let required = ["network", "read_only_files", "process_table", "system_calls"]

    /// Runs it.
    ///
    /// - Returns: the promises of the mode, sorted by whether they hold.
    /// - Throws: `PythonFailure` when the process cannot be confined at all, or something required does not hold.
    static func run(_ sandbox: inout Sandbox) throws(PythonFailure) -> SandboxReport {
        var ends: [Int32] = [-1, -1]
        guard var place = sandbox.take(), unsafe clinux_pipe2(&ends, O_CLOEXEC) == 0 else {
            throw PythonFailure("the sandbox cannot be tried (errno \(errno))")
        }
        let worker = getpid()
        let child = sandbox.fork(into: &place)
        if child == 0 {
            _ = clinux_prctl(Int32(PR_SET_PDEATHSIG), UInt(SIGKILL))
            let text: String
            if let problem = sandbox.join(place) ?? sandbox.confine(to: place) {
                text = "!\(problem) (errno \(errno))"
            } else {
                text = holds(sandbox, place, worker: worker).joined(separator: "\n")
            }
            _ = unsafe write(ends[1], text, text.utf8.count)
            _exit(0)
        }
        let reason = errno
        close(ends[1])
        let text = child > 0 ? readAll(ends[0]) : ""
        close(ends[0])
        guard child > 0 else { throw PythonFailure("the sandbox cannot be tried (errno \(reason))") }
        waitpid(child, nil, 0)
        place.initProcess?.kill()
        place.initProcess?.reap()
        TreeRemoval.remove(place.scratch)
        sandbox.giveBack(place)
        if text.first == "!" || text.isEmpty {
            throw PythonFailure(
                "--sandbox \(sandbox.settings.mode.name) cannot be had here: \(text.isEmpty ? "its trial died" : String(text.dropFirst()))"
            )
        }
        return try report(sandbox, Set(text.split(separator: "\n").map(String.init)))
    }

    private static func report(_ sandbox: borrowing Sandbox, _ found: Set<String>) throws(PythonFailure)
        -> SandboxReport
    {
        let promised = sandbox.promised
        let report = SandboxReport(
            enforced: promised.filter(found.contains), missing: promised.filter { !found.contains($0) })
        let lacking = report.missing.filter(required.contains)
        guard lacking.isEmpty else {
            throw PythonFailure(
                "--sandbox strict cannot be had here: this system does not enforce \(lacking.joined(separator: ", "))"
            )
        }
        return report
    }

    /// In the confined process: the names of what holds.
    private static func holds(_ sandbox: borrowing Sandbox, _ place: JobPlace, worker: pid_t) -> [String] {
        let settings = sandbox.settings
        var tries = ResourceLimits.hold(settings)
        tries.append(("cpu_time", true))  // set with each job, whose time is not known before
        tries.append(("no_new_privileges", clinux_prctl(Int32(PR_GET_NO_NEW_PRIVS), 0) == 1))
        let isAlone = place.initProcess != nil
        // In a process table of its own there is nobody else to be signalled.
        tries.append(("foreign_signals", isAlone ? getpid() != worker : kill(worker, 0) != 0))
        tries.append(
            ("foreign_files", cannotReach(settings.protectedPaths, place.scratch)))
        if settings.mode == .strict {
            tries.append(("network", hasNoNetwork()))
            tries.append(("read_only_files", cannotWrite()))
            tries.append(
                (
                    "process_table",
                    isAlone && SmallFile.read("/proc/1/environ")?.isEmpty != false && getpid() == 2
                ))
            tries.append(("system_calls", clinux_unshare(CLINUX_CLONE_NEWUSER) != 0 && errno == EPERM))
            tries.append(("job_memory", place.memory != nil))
        }
        return tries.filter(\.holds).map(\.name)
    }

    private static func cannotReach(_ protected: [String], _ scratch: String) -> Bool {
        let parent = scratch.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 }
        return ([parent] + protected).allSatisfy { path in
            let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
            guard file >= 0 else { return true }
            defer { close(file) }
            // Hidden by a mount: `/dev/null` stands in its place.
            var status = stat()
            return unsafe fstat(file, &status) == 0 && status.st_mode & S_IFMT == S_IFCHR
        }
    }

    /// Loopback is down, and so is everything else.
    private static func hasNoNetwork() -> Bool {
        let descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return true }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = 1
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe connect(descriptor, pointer, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return result != 0 && errno == ENETUNREACH
    }

    private static func cannotWrite() -> Bool {
        for folder in ["/tmp", "/var/tmp", "/dev/shm"] {
            let file = unsafe open(folder, CLINUX_O_TMPFILE | O_RDWR | O_CLOEXEC, 0o600)
            if file >= 0 {
                close(file)
                return false
            }
        }
        // And can, where it may.
        let file = unsafe open("roost-probe", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard file >= 0 else { return false }
        close(file)
        return unsafe unlink("roost-probe") == 0
    }

    private static func readAll(_ descriptor: Int32) -> String {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = unsafe read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return String(decoding: all, as: UTF8.self) }
            all += buffer.prefix(count)
        }
    }
}
