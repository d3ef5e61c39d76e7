import RoostCore
import Testing

struct TimestampTests {
    @Test(arguments: [
        ("2026-01-31T12:00:00Z", "2026-01-31T12:00:00.000Z"), ("2026-01-31", "2026-01-31T00:00:00.000Z"),
        ("2024-02-29t23:59:60z", "2024-02-29T23:59:59.999Z"), ("0001-01-01", "0001-01-01T00:00:00.000Z"),
        ("2026-01-31T12:00:00.5+01:30", "2026-01-31T10:30:00.500Z"),
        ("2026-12-31T23:00:00.123456789-02:00", "2027-01-01T01:00:00.123Z"),
    ])
    func `reads what RFC 3339 writes`(_ text: String, _ expected: String) {
        #expect(Timestamp(text: text)?.description == expected)
    }

    @Test(arguments: [
        "", "2026", "2026-1-31", "2026-02-29", "2026-13-01", "2026-00-10", "0000-01-01", "2026-01-31T", "2026-01-31T12:00Z",
        "2026-01-31T12:00:00", "2026-01-31T24:00:00Z", "2026-01-31T12:00:00.Z", "2026-01-31T12:00:00+1:00",
        "2026-01-31T12:00:00Z ", " 2026-01-31", "2026-01-31 12:00:00Z", "+026-01-31", "1700000000",
    ])
    func `refuses anything else`(_ text: String) {
        #expect(Timestamp(text: text) == nil)
    }

    @Test func `reads back what it writes`() {
        var milliseconds: Int64 = -62_135_596_800_000
        while milliseconds < 253_402_300_799_999 {
            let time = Timestamp(milliseconds: milliseconds)
            #expect(Timestamp(text: time.description) == time)
            milliseconds += 97_654_321_987
        }
    }
}
