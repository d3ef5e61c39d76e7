/// A moment in UTC, in whole milliseconds since 1970.
public struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    public let milliseconds: Int64

    /// The years 0001 to 9999 can be written; others are held at the nearest of them.
    public init(milliseconds: Int64) {
        self.milliseconds = min(max(milliseconds, -62_135_596_800_000), 253_402_300_799_999)
    }

    /// Whether the left one is earlier.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// From this moment to a later one, in milliseconds, never below 0.
    public func milliseconds(until later: Timestamp) -> Int64 { max(0, later.milliseconds - milliseconds) }

    /// `YYYY-MM-DDTHH:MM:SS.mmmZ` (RFC 3339).
    public var description: String {
        let (days, rest) = Self.floorDivide(milliseconds, 86_400_000)
        let date = Self.civil(days: days)
        var text: [UInt8] = []
        text.reserveCapacity(24)
        Self.append(date.year, width: 4, to: &text)
        text.append(0x2D)
        Self.append(date.month, width: 2, to: &text)
        text.append(0x2D)
        Self.append(date.day, width: 2, to: &text)
        text.append(0x54)
        Self.append(rest / 3_600_000, width: 2, to: &text)
        text.append(0x3A)
        Self.append(rest / 60_000 % 60, width: 2, to: &text)
        text.append(0x3A)
        Self.append(rest / 1000 % 60, width: 2, to: &text)
        text.append(0x2E)
        Self.append(rest % 1000, width: 3, to: &text)
        text.append(0x5A)
        return String(decoding: text, as: UTF8.self)
    }

    /// Day count to proleptic Gregorian date, by 400-year eras that begin on 1 March.
    private static func civil(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let (era, dayOfEra) = floorDivide(shifted, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    private static func append(_ value: Int64, width: Int, to text: inout [UInt8]) {
        var divisor: Int64 = 1
        for _ in 1..<width { divisor *= 10 }
        while divisor > 0 {
            text.append(0x30 + UInt8(truncatingIfNeeded: value / divisor % 10))
            divisor /= 10
        }
    }
}
