import RoostCore
@testable import RoostServer
import Testing

@Suite struct `Server-sent events as a client reads them` {
    private static func read(_ text: String, pieces: Int) throws -> [ServerSentEvent] {
        var parser = EventStreamParser()
        var events: [ServerSentEvent] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            events += try parser.take(Array(rest.prefix(pieces)))
            rest = rest.dropFirst(pieces)
        }
        return events
    }

    @Test(arguments: [1, 2, 3, 1000], ["\n", "\r", "\r\n"])
    func `come in pieces of any size and with any line break`(pieces: Int, end: String) throws {
        let lines = [
            ": comment", "", "event: stdout", "id: 1.5", "data: {\"text\":", "data:  \"é\"}", "", "data:x", "other: y", "",
            "event: lost", "", "data", "",
        ]
        let events = try Self.read(lines.map { $0 + end }.joined(), pieces: pieces)
        #expect(
            events == [
                ServerSentEvent(event: "stdout", data: "{\"text\":\n \"é\"}", id: "1.5"),
                ServerSentEvent(data: "x", id: "1.5"), ServerSentEvent(data: "", id: "1.5"),
            ])
    }

    @Test func `read what the server writes`() throws {
        let event = ServerSentEvent(event: "log", data: "a\nb: c\n\n d", id: "7")
        #expect(try Self.read(String(decoding: event.serialized, as: UTF8.self), pieces: 4) == [event])
    }

    @Test func `are not told before they are complete`() throws {
        #expect(try Self.read("data: x\n", pieces: 3).isEmpty)
    }
}
