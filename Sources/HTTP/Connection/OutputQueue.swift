internal import RoostEventLoop

/// Bytes on their way to a socket.
struct OutputQueue {
    private var pieces: [[UInt8]] = []
    private var index = 0
    private var offset = 0

    var isEmpty: Bool { index == pieces.count }

    mutating func append(_ bytes: [UInt8]) {
        if !bytes.isEmpty { pieces.append(bytes) }
    }

    /// Sends as much as the socket takes.
    ///
    /// - Returns: Whether anything went.
    /// - Throws: `send`, when the connection is broken.
    mutating func flush(to descriptor: Int32) throws(SystemError) -> Bool {
        var progress = false
        while index < pieces.count {
            let result = try NonBlocking.send(
                descriptor, pieces[index], from: offset, more: index + 1 < pieces.count)
            guard case .bytes(let count) = result else { return progress }
            progress = true
            offset += count
            if offset == pieces[index].count {
                pieces[index] = []
                index += 1
                offset = 0
            }
        }
        pieces.removeAll(keepingCapacity: true)
        index = 0
        return progress
    }
}
