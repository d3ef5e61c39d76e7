internal import Glibc

/// How many descriptors this process may have open (`RLIMIT_NOFILE`, getrlimit(2)).
enum DescriptorLimit {
    /// What the server needs beside one for each connection: database, loops, worker processes.
    private static let ownUse = 256

    /// Raises the soft limit, often 1024, to what the system allows this process.
    static func raise() {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    /// What to tell the operator when so many connections cannot all be had, or nil.
    static func shortage(for connections: Int) -> String? {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0,
            limit.rlim_cur < rlim_t(connections + ownUse)
        else { return nil }
        return
            "only \(limit.rlim_cur) open files are allowed, too few for --max-connections \(connections); raise 'ulimit -n'"
    }
}
