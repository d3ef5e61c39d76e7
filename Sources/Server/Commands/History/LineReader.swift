internal import Glibc

/// The lines of a file, or of standard input for `-`, one in memory at a time.
final class LineReader {
    private static let chunk = 256 << 10
    /// A job with all it can have written.
    private static let longestLine = 512 << 20

    private let input: CommandInput
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
        input = try CommandInput(path)
        var status = stat()
        let isPlain = unsafe fstat(input.descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
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
                throw CommandFailure("\(input.name) has a line that is too long")
            }
            let read = try input.read(atMost: Self.chunk)
            isOver = read.isEmpty
            taken += read.count
            waiting += read
        }
    }
}
