/// Cuts a stream of bytes into lines without their newline, each held to a number of bytes.
struct LineSplitter {
    private var line: [UInt8] = []
    private var hasContent = false
    private let maximumBytes: Int

    init(maximumBytes: Int) { self.maximumBytes = maximumBytes }

    /// Takes the next bytes and gives the lines that they complete.
    mutating func add(_ bytes: ArraySlice<UInt8>, emit: (String) -> Void) {
        var rest = bytes
        while let newline = rest.firstIndex(of: 0x0A) {
            keep(rest[..<newline])
            emit(String(decoding: line, as: UTF8.self))
            line.removeAll(keepingCapacity: line.capacity <= 1024)
            hasContent = false
            rest = rest[(newline + 1)...]
        }
        keep(rest)
    }

    /// Gives what stands after the last newline, if anything does.
    mutating func end(emit: (String) -> Void) {
        guard hasContent else { return }
        emit(String(decoding: line, as: UTF8.self))
        line = []
        hasContent = false
    }

    private mutating func keep(_ bytes: ArraySlice<UInt8>) {
        guard !bytes.isEmpty else { return }
        hasContent = true
        line.append(contentsOf: bytes.prefix(max(0, maximumBytes - line.count)))
    }
}
