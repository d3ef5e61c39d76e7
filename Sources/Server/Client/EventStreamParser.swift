internal import RoostCore

/// Reads `text/event-stream` (WHATWG HTML, 9.2.6) as it comes; does no I/O.
struct EventStreamParser {
    /// The longest line there can be: a whole job in one event.
    private static let maximumLine = 512 << 20

    private var line: [UInt8] = []
    private var endedWithCR = false
    private var data: [[UInt8]] = []
    private var event: String?
    private var id: String?

    /// The events that are complete with these bytes; those without data are left out.
    ///
    /// - Throws: ``AnswerError/bodyTooLarge``.
    mutating func take(_ bytes: [UInt8]) throws(AnswerError) -> [ServerSentEvent] {
        var events: [ServerSentEvent] = []
        var rest = bytes[...]
        if endedWithCR, let first = rest.first {
            if first == 0x0A { rest.removeFirst() }
            endedWithCR = false
        }
        while let end = rest.firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) {
            line.append(contentsOf: rest[..<end])
            let next = end + 1
            if rest[end] == 0x0D {
                if next == rest.endIndex { endedWithCR = true }
                rest = rest[next...]
                if rest.first == 0x0A { rest.removeFirst() }
            } else {
                rest = rest[next...]
            }
            if let finished = endLine() { events.append(finished) }
        }
        line.append(contentsOf: rest)
        guard line.count <= Self.maximumLine else { throw .bodyTooLarge }
        return events
    }

    private mutating func endLine() -> ServerSentEvent? {
        defer { line.removeAll(keepingCapacity: line.count < 1 << 20) }
        guard !line.isEmpty else {
            defer {
                data = []
                event = nil
            }
            guard !data.isEmpty else { return nil }
            return ServerSentEvent(
                event: event, data: String(decoding: Array(data.joined(separator: [0x0A])), as: UTF8.self),
                id: id)
        }
        let colon = line.firstIndex(of: 0x3A) ?? line.endIndex
        var value = line[colon...].dropFirst()
        if value.first == 0x20 { value.removeFirst() }
        switch String(decoding: line[..<colon], as: UTF8.self) {
        case "data": data.append(Array(value))
        case "event": event = String(decoding: value, as: UTF8.self)
        case "id": if !value.contains(0) { id = String(decoding: value, as: UTF8.self) }
        default: break
        }
        return nil
    }
}
