internal import Glibc

/// Where the scratch folders of a server's jobs stand: below the system's temporary folder, under a name that
/// follows from the database, so that the next start finds and sweeps what a killed server left (contract §8).
enum ScratchFolder {
    static func path(for database: String) -> String {
        let key = canonical(database)
        // FNV-1a; a clash would only make two servers share a parent folder that the lock forbids anyway.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in key.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return "\(base)/roost-\(geteuid())-\(String(hash, radix: 16))"
    }

    /// A path without symbolic links whose last part need not be there yet.
    static func canonical(_ path: String) -> String {
        Files.canonical(folder(of: path)).map { $0 + "/" + name(of: path) } ?? path
    }

    /// The system's temporary folder. As root, jobs run as users of their own who have to get there: where they cannot
    /// pass through `TMPDIR`, it is `/tmp`.
    private static var base: String {
        let given = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) }
        guard let real = given.flatMap(Files.canonical) else { return given ?? "/tmp" }
        guard geteuid() == 0 else { return real }
        var folder = ""
        for part in real.split(separator: "/") {
            folder += "/" + part
            var status = stat()
            guard unsafe stat(folder, &status) == 0, status.st_mode & 0o001 != 0 else { return "/tmp" }
        }
        return real
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func name(of path: String) -> String { String(path.split(separator: "/").last ?? "") }
}
