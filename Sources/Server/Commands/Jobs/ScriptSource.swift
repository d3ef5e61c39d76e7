/// The text of a script.
enum ScriptSource {
    /// More than any server takes by default, and no more than can be held.
    private static let maximumBytes = 256 << 20

    /// Reads a file, or standard input for `-`.
    ///
    /// - Throws: ``CommandFailure`` that says why it cannot be read, also when it is no UTF-8.
    static func read(_ path: String) throws -> String {
        let input = try CommandInput(path)
        let bytes = try content(of: input)
        // A byte order mark is no part of the code (Python, "Encoding declarations").
        let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        guard let code = String(validating: text, as: UTF8.self) else {
            throw CommandFailure("\(input.name) is no UTF-8 text")
        }
        guard !code.isEmpty else { throw CommandFailure("\(input.name) is empty") }
        return code
    }

    private static func content(of input: CommandInput) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let read = try input.read(atMost: 65_536)
            if read.isEmpty { return bytes }
            bytes += read
            guard bytes.count <= maximumBytes else { throw CommandFailure("\(input.name) is too large") }
        }
    }
}
