internal import Glibc
internal import RoostEventLoop

/// A file that a command reads, or standard input for `-`.
final class CommandInput {
    /// As messages name it.
    let name: String
    let descriptor: Int32

    /// - Throws: ``CommandFailure`` when it cannot be opened.
    init(_ path: String) throws {
        name = path == "-" ? "standard input" : "'\(path)'"
        descriptor = path == "-" ? dup(STDIN_FILENO) : unsafe open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 { throw failure(errno) }
    }

    /// What comes next, at most so many bytes; nothing at the end. Blocks until there is something.
    ///
    /// - Throws: ``CommandFailure``.
    func read(atMost maximum: Int) throws -> ArraySlice<UInt8> {
        var buffer = [UInt8](repeating: 0, count: maximum)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
            }
            if count >= 0 { return buffer[..<count] }
            if errno != EINTR { throw failure(errno) }
        }
    }

    private func failure(_ error: Int32) -> CommandFailure {
        CommandFailure("cannot read \(name): \(SystemError.text(of: error))")
    }

    deinit { if descriptor >= 0 { close(descriptor) } }
}
