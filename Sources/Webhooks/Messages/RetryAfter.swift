package import RoostCore

/// The value of `Retry-After`: seconds, or a date (RFC 9110 §10.2.3).
package enum RetryAfter {
    /// How long it asks to wait, in milliseconds; nil for a value that is neither. A date in the past asks for nothing.
    package static func milliseconds(_ text: String, now: Timestamp) -> Int64? {
        let text = text.drop { $0 == " " }
        if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            // More digits than anybody means; held where the schedule holds it anyway.
            return min(Int64(text) ?? .max, 1 << 40) * 1000
        }
        return date(text).map { now.milliseconds(until: $0) }
    }

    /// The form that is sent today, `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7); the obsolete two are not read.
    private static func date(_ text: Substring) -> Timestamp? {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0].hasSuffix(","), parts[5] == "GMT",
            let day = number(parts[1], 1...31), let month = months.firstIndex(where: { $0 == parts[2] }),
            let year = number(parts[3], 1970...9999)
        else { return nil }
        let clock = parts[4].split(separator: ":", omittingEmptySubsequences: false)
        guard clock.count == 3, let hour = number(clock[0], 0...23), let minute = number(clock[1], 0...59),
            let second = number(clock[2], 0...60)
        else { return nil }
        // Days from civil date, by years that begin on 1 March.
        let shifted = month < 2 ? year - 1 : year
        let leapDays: Int64 = shifted / 4 - shifted / 100 + shifted / 400
        let dayOfYear: Int64 = (153 * Int64((month + 10) % 12) + 2) / 5 + day - 1
        let days: Int64 = shifted * 365 + leapDays + dayOfYear - 719_468
        let seconds: Int64 = days * 86_400 + hour * 3600 + minute * 60 + second
        return Timestamp(milliseconds: seconds * 1000)
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func number(_ text: Substring, _ range: ClosedRange<Int64>) -> Int64? {
        guard (1...4).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int64(text).flatMap { range.contains($0) ? $0 : nil }
    }
}
