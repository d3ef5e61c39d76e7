internal import Glibc
internal import RoostEventLoop

/// The lines of a file, or of standard input for `-`, one in memory at a time.
final class LineReader {
    private static let chunk = 256 << 10
    /// A job with all it can have written.
    private static let longestLine = 512 << 20

    private let name: String
    private let descriptor: Int32
    private var waiting: [UInt8] = []
    private var start = 0
    private var isOver = false
    /// Of a plain file; 0 where that is not known.
    private let size: Int
    private var taken = 0

    /// How much of a file was read, from 0 to 1; nil where its size is not known.
    var fraction: Double? { size > 0 ? min(1, Double(taken) / Double(size)) : nil }

    /// - Throws: ``CommandFailure`` when it cannot be opened.
    init(_ path: String) throws {
        name = path == "-" ? "standard input" : "'\(path)'"
        descriptor = path == "-" ? dup(STDIN_FILENO) : unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw CommandFailure("cannot read \(name): \(SystemError.text(of: errno))")
        }
        var status = stat()
        let isPlain = unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        size = isPlain ? Int(status.st_size) : 0
    }

    /// The next line without its end, or nil after the last.
    ///
    /// - Throws: ``CommandFailure``.
    func next() throws -> [UInt8]? {
        var searched = start
        while true {
            if let end = waiting[searched...].firstIndex(of: 0x0A) {
                defer { start = end + 1 }
                return Array(waiting[start..<end])
            }
            if isOver {
                defer { start = waiting.count }
                return start < waiting.count ? Array(waiting[start...]) : nil
            }
            waiting.removeFirst(start)
            start = 0
            searched = waiting.count
            guard searched <= Self.longestLine else {
                throw CommandFailure("\(name) has a line that is too long")
            }
            try read()
        }
    }

    private func read() throws {
        var buffer = [UInt8](repeating: 0, count: Self.chunk)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw CommandFailure("cannot read \(name): \(SystemError.text(of: errno))")
            }
            isOver = count == 0
            taken += count
            waiting += buffer[..<count]
            return
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }
}
