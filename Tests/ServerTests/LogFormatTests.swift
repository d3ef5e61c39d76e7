import RoostCore
@testable import RoostServer
import Testing

@Suite struct `Log lines` {
    private static let record = Logger.Record(
        level: .info, message: "GET /a\r\nb 200", values: ["client": "::1", "cause": "two words\n", "n": 3])
    private static let time = Timestamp(milliseconds: 0)

    @Test func `stay one line each in text form, whatever a message holds`() {
        let line = String(decoding: LogFormat.text.line(Self.record, at: Self.time), as: UTF8.self)
        #expect(line == "1970-01-01T00:00:00.000Z info GET /a\\r\\nb 200 client=::1 cause=\"two words\\n\" n=3\n")
    }

    @Test func `are one JSON object each in JSON form`() throws {
        let line = LogFormat.json.line(Self.record, at: Self.time)
        #expect(line.last == 0x0A)
        #expect(!line.dropLast().contains(0x0A))
        let object = try JSONParser.parse(Array(line.dropLast()))
        #expect(object["time"] == "1970-01-01T00:00:00.000Z")
        #expect(object["level"] == "info")
        #expect(object["message"] == "GET /a\r\nb 200")
        #expect(object["n"] == 3)
    }
}
