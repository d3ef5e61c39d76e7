internal import Glibc

/// The environment of `roost-python`: what Python programs need and nothing of the server's own, so that no key
/// is ever there to be read.
enum WorkerEnvironment {
    private static let names: Set<String> = ["PATH", "HOME", "LANG", "TZ", "USER", "LOGNAME"]

    /// Has the dynamic linker find every symbol at the start (ld.so(8)): one that is found at its first use would be looked
    /// for by each job's process again. The worker takes it out of the environment of jobs.
    private static let bindNow = "LD_BIND_NOW=1"

    /// `NAME=value` lines of this process that may be passed on, and the folder of the scratch folders as `TMPDIR`.
    static func current(scratch: String) -> [String] {
        var lines: [String] = []
        var entry = unsafe environ
        while let text = unsafe entry.pointee {
            unsafe lines.append(String(cString: text))
            unsafe entry += 1
        }
        return allowed(lines) + ["TMPDIR=" + scratch, bindNow]
    }

    /// Those that may be passed on: the names above and `LC_…`.
    static func allowed(_ lines: [String]) -> [String] {
        lines.filter { line in
            let name = String(line.prefix { $0 != "=" })
            return names.contains(name) || name.hasPrefix("LC_")
        }
    }
}
