internal import Glibc

/// The few blocking calls that the asset catalogue needs.
enum FileSystem {
    /// What an entry is, after following links.
    enum Kind { case file, directory, other }

    /// Tells one file from another under any name.
    struct Identity: Hashable {
        var device: UInt64
        var inode: UInt64
    }

    /// What stands at a path, after following links; nil when nothing can be seen there.
    static func look(_ path: String) -> (kind: Kind, identity: Identity)? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        let kind: Kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .directory
            default: .other
            }
        return (kind, Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino)))
    }

    /// The names in a folder without `.` and `..`, in no order; names that are no UTF-8 are left out. Nil when
    /// it cannot be read.
    static func names(in path: String) -> [String]? {
        guard let folder = unsafe opendir(path) else { return nil }
        defer { _ = unsafe closedir(folder) }
        var names: [String] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if let name, name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// A whole file; nil when it cannot be read, is no plain file, or is larger than the limit.
    static func contents(of path: String, limit: Int) -> [UInt8]? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_size <= limit
        else { return nil }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= limit {
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe read(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { return bytes }
            bytes.append(contentsOf: buffer[..<count])
        }
        return nil
    }
}
