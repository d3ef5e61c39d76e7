internal import Glibc
internal import RoostEventLoop

/// A file that appears under its name when it is whole, readable by its owner only; or standard output, for `-`.
final class NewFile {
    private static let buffered = 256 << 10

    private let path: String
    private let descriptor: Int32
    private var waiting: [UInt8] = []
    private var isStandardOutput: Bool { path == "-" }
    private var draft: String { path + ".part" }

    /// - Throws: ``CommandFailure`` when the file is there already or cannot be made.
    init(_ path: String) throws {
        self.path = path
        guard path != "-" else {
            descriptor = STDOUT_FILENO
            return
        }
        guard unsafe access(path, F_OK) != 0 else {
            throw CommandFailure("'\(path)' is there already; name a file that is not")
        }
        unsafe unlink(path + ".part")
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
        descriptor = unsafe open(path + ".part", flags, 0o600)
        guard descriptor >= 0 else {
            throw CommandFailure("'\(path)' cannot be written: \(SystemError.text(of: errno))")
        }
    }

    /// Adds bytes at the end.
    ///
    /// - Throws: ``CommandFailure``, such as for a full disk.
    func write(_ bytes: [UInt8]) throws {
        waiting += bytes
        if waiting.count >= Self.buffered { try flush() }
    }

    /// Gives it its name.
    ///
    /// - Throws: ``CommandFailure``.
    func finish() throws {
        try flush()
        guard !isStandardOutput else { return }
        guard fsync(descriptor) == 0, unsafe link(draft, path) == 0 else { throw failure(errno) }
    }

    private func flush() throws {
        var sent = 0
        while sent < waiting.count {
            let count = unsafe waiting.withUnsafeBytes { bytes in
                unsafe Glibc.write(descriptor, bytes.baseAddress.map { unsafe $0 + sent }, bytes.count - sent)
            }
            if count >= 0 { sent += count } else if errno != EINTR { throw failure(errno) }
        }
        waiting.removeAll(keepingCapacity: true)
    }

    private func failure(_ code: Int32) -> CommandFailure {
        CommandFailure(
            "\(isStandardOutput ? "standard output" : "'\(path)'") cannot be written: \(SystemError.text(of: code))"
        )
    }

    deinit {
        guard !isStandardOutput, descriptor >= 0 else { return }
        close(descriptor)
        unsafe unlink(draft)
    }
}
