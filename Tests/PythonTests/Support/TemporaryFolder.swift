import Glibc

/// A folder of a test's own, gone with the value.
final class TemporaryFolder: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/roost-python-tests-XXXXXX".utf8CString)
        let made = unsafe template.withUnsafeMutableBufferPointer { unsafe mkdtemp($0.baseAddress!) != nil }
        precondition(made, "no temporary folder")
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { Self.remove(path) }

    /// Writes a file, making the folders above it.
    func write(_ name: String, _ text: String = "") {
        let parts = name.split(separator: "/")
        var folder = path
        for part in parts.dropLast() {
            folder += "/" + part
            _ = unsafe mkdir(folder, 0o755)
        }
        let descriptor = unsafe open(path + "/" + name, O_CREAT | O_WRONLY | O_TRUNC, 0o644)
        precondition(descriptor >= 0, "cannot write \(name)")
        _ = unsafe Glibc.write(descriptor, text, text.utf8.count)
        close(descriptor)
    }

    func makeFolder(_ name: String) { precondition(unsafe mkdir(path + "/" + name, 0o755) == 0) }

    func link(_ name: String, to target: String) { precondition(unsafe symlink(target, path + "/" + name) == 0) }

    /// The names in a folder of it.
    func names(_ name: String = "") -> [String] { Self.names(path + "/" + name) }

    private static func names(_ path: String) -> [String] {
        guard let folder = unsafe opendir(path) else { return [] }
        defer { unsafe closedir(folder) }
        var names: [String] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    private static func remove(_ path: String) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            _ = unsafe unlink(path)
            return
        }
        for name in names(path) { remove(path + "/" + name) }
        _ = unsafe rmdir(path)
    }
}
