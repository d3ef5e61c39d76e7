import Glibc

/// What `/proc` says of processes that are not this one's own doing.
enum ProcessTable {
    /// The pids of all processes.
    static func all() -> [pid_t] {
        FolderEntries.names("/proc").compactMap { pid_t($0) }
    }

    /// The real user of every process.
    static func users() -> [UInt32] { all().compactMap(user) }

    /// Reaps the children of this process that are this user's and have ended.
    static func reapChildren(of user: UInt32) {
        for child in ProcessChildren.all() where self.user(of: child) == user {
            waitpid(child, nil, WNOHANG)
        }
    }

    /// Kills what has `TMPDIR` in or at this folder in its environment, which is every process that a worker with
    /// this scratch root started, round after round until none is left.
    ///
    /// This is for processes whose worker was killed. One that changed its environment on purpose and is no user of
    /// its own is not found.
    ///
    /// - Parameters:
    ///   - scratchRoot: the folder.
    ///   - mayKill: asked before each kill: a worker whose own server is dead by now would find, by the same folder, the
    ///     worker of the next one.
    static func sweep(scratchRoot: String, mayKill: () -> Bool) {
        let own = getpid()
        let mark = Array("\0TMPDIR=\(scratchRoot)".utf8)
        for round in 0..<50 {
            var isLeft = false
            for pid in all() where pid != own && pid > 1 {
                let environment = [0] + read("/proc/\(pid)/environ")
                guard contains(environment, mark) else { continue }
                guard mayKill() else { return }
                Glibc.kill(pid, SIGKILL)
                isLeft = true
            }
            if !isLeft { return }
            poll(nil, 0, round < 10 ? 1 : 10)
        }
    }

    /// The mark must end there, or go on as a path does.
    private static func contains(_ environment: [UInt8], _ mark: [UInt8]) -> Bool {
        var rest = environment[...]
        while let start = rest.firstIndex(of: 0) {
            rest = rest[start...]
            if rest.starts(with: mark) {
                let next = rest.dropFirst(mark.count).first
                if next == nil || next == 0 || next == UInt8(ascii: "/") { return true }
            }
            rest = rest.dropFirst()
        }
        return false
    }

    private static func user(of pid: pid_t) -> UInt32? {
        let lines = String(decoding: read("/proc/\(pid)/status"), as: UTF8.self)
        guard let line = lines.split(separator: "\n").first(where: { $0.hasPrefix("Uid:") }) else {
            return nil
        }
        let fields = line.split { $0 == "\t" || $0 == " " }
        return fields.count > 1 ? UInt32(fields[1]) : nil
    }

    private static func read(_ path: String) -> [UInt8] {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return [] }
        defer { close(file) }
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        // An environment may be as long as a job likes; its beginning is what the worker gave it.
        while all.count < 1 << 20 {
            let count = unsafe Glibc.read(file, &buffer, buffer.count)
            guard count > 0 else { break }
            all += buffer.prefix(count)
        }
        return all
    }
}
