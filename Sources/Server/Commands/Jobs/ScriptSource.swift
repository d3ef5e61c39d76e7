internal import Glibc
internal import RoostEventLoop

/// The text of a script.
enum ScriptSource {
    /// More than any server takes by default, and no more than can be held.
    private static let maximumBytes = 256 << 20

    /// Reads a file, or standard input for `-`.
    ///
    /// - Throws: ``CommandFailure`` that says why it cannot be read, also when it is no UTF-8.
    static func read(_ path: String) throws -> String {
        let name = path == "-" ? "standard input" : "'\(path)'"
        let bytes = try content(path, name)
        // A byte order mark is no part of the code (Python, "Encoding declarations").
        let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        guard let code = String(validating: text, as: UTF8.self) else {
            throw CommandFailure("\(name) is no UTF-8 text")
        }
        guard !code.isEmpty else { throw CommandFailure("\(name) is empty") }
        return code
    }

    private static func content(_ path: String, _ name: String) throws -> [UInt8] {
        let descriptor = path == "-" ? dup(STDIN_FILENO) : unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw CommandFailure("cannot read \(name): \(SystemError.text(of: errno))")
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw CommandFailure("cannot read \(name): \(SystemError.text(of: errno))")
            }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= maximumBytes else { throw CommandFailure("\(name) is too large") }
        }
    }
}
