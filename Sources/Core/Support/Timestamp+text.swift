extension Timestamp: ParameterValue {
    /// `a time such as 2026-01-31T12:00:00Z`.
    public static var typeDescription: String { "a time such as 2026-01-31T12:00:00Z" }
    /// `string`.
    public static var schemaType: String { "string" }
    /// The form that is written; a date and other offsets are read, too.
    public static var allowedValues: [String]? { ["YYYY-MM-DDTHH:MM:SS[.mmm]Z"] }

    /// A JSON string that ``init(text:)`` takes.
    public init?(json: JSON) {
        guard let text = json.string else { return nil }
        self.init(text: text)
    }

    /// Reads a time as RFC 3339 writes it, such as `2026-01-31T12:00:00.5+01:00`, or a date, which is its first moment in
    /// UTC. What is finer than a millisecond is cut off; a leap second is the last moment of its minute.
    public init?(text: String) {
        let bytes = Array(text.utf8)
        var reader = Reader(bytes: bytes)
        guard let year = reader.number(digits: 4, in: 1...9999), reader.take(0x2D),
            let month = reader.number(digits: 2, in: 1...12), reader.take(0x2D),
            let day = reader.number(digits: 2, in: 1...Self.days(inMonth: month, year))
        else { return nil }
        var milliseconds = Self.days(year, month, day) * 86_400_000
        if !reader.isAtEnd {
            guard reader.take(0x54) || reader.take(0x74), let hour = reader.number(digits: 2, in: 0...23),
                reader.take(0x3A), let minute = reader.number(digits: 2, in: 0...59), reader.take(0x3A),
                let second = reader.number(digits: 2, in: 0...60), let fraction = reader.fraction(),
                let offset = reader.offset(), reader.isAtEnd
            else { return nil }
            let inMinute = second == 60 ? 59_999 : second * 1000 + fraction
            milliseconds += (hour * 60 + minute - offset) * 60_000 + inMinute
        }
        self.init(milliseconds: milliseconds)
    }

    /// The text from left to right.
    private struct Reader {
        let bytes: [UInt8]
        var index = 0

        var isAtEnd: Bool { index == bytes.count }

        mutating func take(_ byte: UInt8) -> Bool {
            guard index < bytes.count, bytes[index] == byte else { return false }
            index += 1
            return true
        }

        mutating func digit() -> Int64? {
            guard index < bytes.count, (0x30...0x39).contains(bytes[index]) else { return nil }
            index += 1
            return Int64(bytes[index - 1] - 0x30)
        }

        mutating func number(digits: Int, in range: ClosedRange<Int64>) -> Int64? {
            var value: Int64 = 0
            for _ in 0..<digits {
                guard let digit = digit() else { return nil }
                value = value * 10 + digit
            }
            return range.contains(value) ? value : nil
        }

        /// `.` and digits, in milliseconds; 0 without one.
        mutating func fraction() -> Int64? {
            guard take(0x2E) else { return 0 }
            guard var value = digit() else { return nil }
            var count = 1
            while let digit = digit() {
                if count < 3 { value = value * 10 + digit }
                count = min(3, count + 1)
            }
            while count < 3 {
                value *= 10
                count += 1
            }
            return value
        }

        /// `Z`, `+hh:mm` or `-hh:mm`, in minutes.
        mutating func offset() -> Int64? {
            if take(0x5A) || take(0x7A) { return 0 }
            let sign: Int64 = take(0x2D) ? -1 : 1
            guard sign < 0 || take(0x2B), let hours = number(digits: 2, in: 0...23), take(0x3A),
                let minutes = number(digits: 2, in: 0...59)
            else { return nil }
            return sign * (hours * 60 + minutes)
        }
    }

    private static func days(inMonth month: Int64, _ year: Int64) -> Int64 {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }

    /// Days since 1970 of a proleptic Gregorian date, by 400-year eras that begin on 1 March; `year` is above 0.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let marchYear = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = marchYear.quotientAndRemainder(dividingBy: 400)
        let marchMonth = month > 2 ? month - 3 : month + 9
        let dayOfYear = (153 * marchMonth + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
