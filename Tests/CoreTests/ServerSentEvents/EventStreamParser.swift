/// A reader of `text/event-stream` by the letter of the standard (WHATWG HTML, "9.2.6 Interpreting an event stream").
struct EventStreamParser {
    struct Dispatched: Equatable {
        var type = "message"
        var data = ""
        var lastEventID = ""
    }

    private(set) var dispatched: [Dispatched] = []
    private(set) var comments: [String] = []
    private(set) var retry: Int?

    init(_ bytes: [UInt8]) {
        var event = Dispatched()
        var lines: [String] = []
        var lastID = ""
        let text = String(decoding: bytes, as: UTF8.self).unicodeScalars
        var line = String.UnicodeScalarView()
        var previousWasCR = false
        for scalar in text {
            if scalar == "\n", previousWasCR {
                previousWasCR = false
                continue
            }
            previousWasCR = scalar == "\r"
            guard scalar == "\n" || scalar == "\r" else {
                line.append(scalar)
                continue
            }
            take(String(line), &event, &lines, &lastID)
            line = .init()
        }
    }

    private mutating func take(_ line: String, _ event: inout Dispatched, _ lines: inout [String], _ lastID: inout String) {
        guard !line.isEmpty else {
            if !lines.isEmpty {
                event.data = lines.joined(separator: "\n")
                event.lastEventID = lastID
                dispatched.append(event)
            }
            event = Dispatched()
            lines = []
            return
        }
        let colon = line.firstIndex(of: ":")
        if colon == line.startIndex {
            comments.append(String(line.dropFirst(line.dropFirst().first == " " ? 2 : 1)))
            return
        }
        let name = String(line[..<(colon ?? line.endIndex)])
        var value = colon.map { String(line[line.index(after: $0)...]) } ?? ""
        if value.first == " " { value.removeFirst() }
        switch name {
        case "event": event.type = value
        case "data": lines.append(value)
        case "id": if !value.unicodeScalars.contains("\0") { lastID = value }
        case "retry": if !value.isEmpty, value.allSatisfy({ $0.isASCII && $0.isNumber }) { retry = Int(value) }
        default: break
        }
    }
}
