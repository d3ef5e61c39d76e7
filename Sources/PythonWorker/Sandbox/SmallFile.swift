import Glibc

/// Files of the kernel's: a few lines, read and written in one go.
enum SmallFile {
    /// The text, or nil when it cannot be read.
    static func read(_ name: String, in folder: Int32 = AT_FDCWD) -> String? {
        let file = unsafe openat(folder, name, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var buffer = [UInt8](repeating: 0, count: 16_384)
        let count = unsafe Glibc.read(file, &buffer, buffer.count)
        return count >= 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : nil
    }

    /// Writes to a file that is there.
    ///
    /// - Returns: false, with `errno` set, when the kernel does not take it.
    static func write(_ name: String, _ text: String, in folder: Int32 = AT_FDCWD) -> Bool {
        let file = unsafe openat(folder, name, O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        return unsafe Glibc.write(file, text, text.utf8.count) == text.utf8.count
    }
}
