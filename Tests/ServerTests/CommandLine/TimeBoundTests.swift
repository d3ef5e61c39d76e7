import RoostCore
@testable import RoostServer
import Testing

@Suite struct `Times on the command line` {
    private static let now = Timestamp(text: "2026-11-29T14:30:00Z")

    @Test(arguments: [
        ("2026-11-29", "2026-11-29T00:00:00.000Z"), ("2026-11-29T14:30", "2026-11-29T14:30:00.000Z"),
        ("2026-11-29T14:30:05", "2026-11-29T14:30:05.000Z"), ("2026-11-29T14:30:05.1234Z", "2026-11-29T14:30:05.123Z"),
        ("1970-01-01", "1970-01-01T00:00:00.000Z"), ("2024-02-29", "2024-02-29T00:00:00.000Z"),
        ("0001-01-01", "0001-01-01T00:00:00.000Z"), ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"),
        ("90s", "2026-11-29T14:28:30.000Z"), ("30m", "2026-11-29T14:00:00.000Z"), ("2h", "2026-11-29T12:30:00.000Z"),
        ("7d", "2026-11-22T14:30:00.000Z"), ("2w", "2026-11-15T14:30:00.000Z"), ("0s", "2026-11-29T14:30:00.000Z"),
    ])
    func `are moments or how long ago`(text: String, moment: String) throws {
        let bound = try #require(TimeBound(option: text))
        #expect(bound.moment(now: try #require(Self.now)).description == moment)
    }

    @Test(arguments: [
        "", "x", "2", "h", "-2h", "+2h", "2 h", "1.5h", "2026", "2026-11", "2026-13-01", "2026-00-01", "2026-01-32",
        "2026-01-01T", "2026-01-01T25:00", "2026-01-01T14:60", "2026-01-01T14:30:61", "2026-01-01T14:30:00+25:00", "2026-01-01 14:30",
        "2026-01-01T14:30:00.Z", "2026-01-01Zx", "0000-01-01", "99999999999h", "2026-01-0é",
    ])
    func `are refused otherwise`(text: String) { #expect(TimeBound(option: text) == nil) }

    @Test(arguments: ["1", "0.5", "300"]) func `are seconds with a fraction`(text: String) {
        #expect(Seconds(option: text)?.value == Double(text))
    }

    @Test(arguments: ["", "-1", "1e3", "inf", "nan", "1.2.3", "1s", " 1", "."]) func `are no other numbers`(text: String) {
        #expect(Seconds(option: text) == nil)
    }
}
