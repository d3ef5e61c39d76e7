internal import RoostCore

/// A moment: a date with or without a time in UTC, or how long ago it is.
struct TimeBound: OptionValue {
    static let expectation = "a time such as 2026-11-29, 2026-11-29T14:30:00Z, or 90s, 30m, 2h, 7d ago"

    private enum Form {
        case moment(Timestamp)
        case ago(milliseconds: Int64)
    }
    private let form: Form

    init?(option text: String) {
        if let moment = Timestamp(wire: text) {
            form = .moment(moment)
        } else if let unit = Self.units[text.last ?? " "], let count = Int(option: String(text.dropLast())),
            count <= 1_000_000_000
        {
            form = .ago(milliseconds: Int64(count) * unit)
        } else {
            return nil
        }
    }

    private static let units: [Character: Int64] = [
        "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000,
    ]

    /// The moment meant.
    func moment(now: Timestamp) -> Timestamp {
        switch form {
        case .moment(let moment): moment
        case .ago(let milliseconds): Timestamp(milliseconds: now.milliseconds - milliseconds)
        }
    }
}

extension Timestamp {
    /// Reads `YYYY-MM-DD`, then optionally `THH:MM`, `:SS`, a fraction and `Z`; always UTC. Nil for anything else.
    init?(wire text: String) {
        let bytes = Array(text.utf8)
        func number(_ range: Range<Int>) -> Int64? {
            guard range.upperBound <= bytes.count else { return nil }
            return Int(option: String(decoding: bytes[range], as: UTF8.self)).map(Int64.init)
        }
        func has(_ character: Character, at index: Int) -> Bool {
            index < bytes.count && bytes[index] == character.asciiValue
        }
        guard let year = number(0..<4), has("-", at: 4), let month = number(5..<7), has("-", at: 7),
            let day = number(8..<10), year >= 1, (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        var milliseconds = Self.days(year: year, month: month, day: day) * 86_400_000
        var end = 10
        if has("T", at: 10) || has(" ", at: 10) {
            guard let hour = number(11..<13), has(":", at: 13), let minute = number(14..<16), hour < 24,
                minute < 60
            else { return nil }
            milliseconds += hour * 3_600_000 + minute * 60_000
            end = 16
            if has(":", at: 16) {
                guard let second = number(17..<19), second < 61 else { return nil }
                milliseconds += second * 1000
                end = 19
                if has(".", at: 19) {
                    let digits = bytes[20...].prefix { (0x30...0x39).contains($0) }
                    guard (1...9).contains(digits.count), let whole = number(20..<20 + digits.count) else {
                        return nil
                    }
                    var value = whole
                    for _ in 0..<(9 - digits.count) { value *= 10 }
                    milliseconds += value / 1_000_000
                    end = 20 + digits.count
                }
            }
            if has("Z", at: end) { end += 1 }
        }
        guard end == bytes.count else { return nil }
        self.init(milliseconds: milliseconds)
    }

    /// Days since 1970 of a proleptic Gregorian date, by 400-year eras that begin on 1 March.
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let marchYear = month <= 2 ? year - 1 : year
        let era = marchYear / 400
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
