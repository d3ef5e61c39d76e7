import RoostCore
import Testing

@Suite struct `Job ids and times` {
    @Test(arguments: [
        "550e8400-e29b-41d4-a716-446655440000", "550E8400-E29B-41D4-A716-446655440000",
        "550e8400e29b41d4a716446655440000", "550E8400E29B41D4A716446655440000",
    ])
    func `reads a UUID of any case with or without hyphens and writes it lower-case`(text: String) {
        #expect(JobID(text)?.description == "550e8400-e29b-41d4-a716-446655440000")
    }

    @Test(arguments: [
        "", "invalid-id", "550e8400-e29b-41d4-a716-44665544000", "550e8400-e29b-41d4-a716-4466554400000",
        "550e8400+e29b-41d4-a716-446655440000", "g50e8400-e29b-41d4-a716-446655440000",
        "{50e8400-e29b-41d4-a716-446655440000", "550e8400e-29b-41d4-a716-446655440000",
        "550e8400-e29b-41d4-a716-4466554400é",
    ])
    func `refuses what is no UUID`(text: String) {
        #expect(JobID(text) == nil)
    }

    @Test func `makes UUIDs of version 7 that differ and carry the time`() {
        let now = Timestamp(milliseconds: 1_769_256_000_000)
        let ids = (0..<1000).map { _ in JobID.generate(at: now) }
        #expect(Set(ids).count == 1000)
        for id in ids {
            #expect(id.high >> 16 == 1_769_256_000_000)
            #expect(id.high >> 12 & 0xF == 7)
            #expect(id.low >> 62 == 2)
        }
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (1_769_256_000_123, "2026-01-24T12:00:00.123Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (4_107_542_399_999, "2100-02-28T23:59:59.999Z"), (Int64.max, "9999-12-31T23:59:59.999Z"),
        (Int64.min, "0001-01-01T00:00:00.000Z"),
    ])
    func `writes times in UTC with milliseconds`(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).description == text)
    }

    @Test(arguments: [(Int64(0), "c0"), (123_456, "c2n9c")])
    func `writes and reads cursors`(sequence: Int64, text: String) {
        #expect(JobCursor(sequence: sequence).description == text)
        #expect(JobCursor(text: text)?.sequence == sequence)
    }

    @Test(arguments: ["", "c", "x1", "c-1", "c+1", "c ", "czzzzzzzzzzzzzzzzzz", "C1", "c1é"])
    func `refuses what is no cursor`(text: String) {
        #expect(JobCursor(text: text) == nil)
    }
}
