import Glibc

/// A folder of a test's own, gone with the object.
final class TemporaryFolder: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/roost-persistence-XXXXXX".utf8CString)
        guard let made = unsafe mkdtemp(&template) else { fatalError("no temporary folder") }
        path = unsafe String(cString: made)
    }

    deinit {
        for name in names { unsafe unlink(path + "/" + name) }
        for name in names { unsafe rmdir(path + "/" + name) }
        unsafe rmdir(path)
    }

    /// A file in it, which need not exist.
    func file(_ name: String) -> String { path + "/" + name }

    /// What is in it, sorted.
    var names: [String] {
        guard let directory = unsafe opendir(path) else { return [] }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Every file with its bytes, to be compared with later.
    var contents: [String: [UInt8]] {
        var contents: [String: [UInt8]] = [:]
        for name in names { contents[name] = File.read(file(name)) }
        return contents
    }

    /// Copies all files into another folder: what `kill -9` at this moment would leave.
    func copyFiles(to other: TemporaryFolder) {
        for (name, bytes) in contents { File.write(bytes, to: other.file(name)) }
    }
}

enum File {
    static func read(_ path: String) -> [UInt8]? {
        let descriptor = unsafe open(path, O_RDONLY)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
        }
    }

    static func write(_ bytes: [UInt8], to path: String) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        precondition(descriptor >= 0)
        defer { close(descriptor) }
        var start = 0
        while start < bytes.count {
            let count = unsafe bytes[start...].withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            precondition(count > 0)
            start += count
        }
    }

    static func mode(_ path: String) -> mode_t {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }
}
