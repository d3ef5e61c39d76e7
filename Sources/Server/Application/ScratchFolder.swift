internal import Glibc

/// Where the scratch folders of a server's jobs stand: below the system's temporary folder, under a name that
/// follows from the database, so that the next start finds and sweeps what a killed server left (contract §8).
enum ScratchFolder {
    static func path(for database: String) -> String {
        let base = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
        let key = Files.canonical(folder(of: database)).map { $0 + "/" + name(of: database) } ?? database
        // FNV-1a; a clash would only make two servers share a parent folder that the lock forbids anyway.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in key.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return "\(base)/roost-\(geteuid())-\(String(hash, radix: 16))"
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func name(of path: String) -> String { String(path.split(separator: "/").last ?? "") }
}
