internal import RoostCore

/// A moment: a date, with a time or without, or how long ago it is.
struct TimeBound: OptionValue {
    static let expectation = "a time such as 2026-11-29, 2026-11-29T14:30:00Z, or 90s, 30m, 2h, 7d ago"

    private enum Form {
        case moment(Timestamp)
        case ago(milliseconds: Int64)
    }
    private let form: Form

    init?(option text: String) {
        // A time without a zone is one in UTC, and without seconds the beginning of its minute.
        if let moment = ["", "Z", ":00Z"].lazy.compactMap({ Timestamp(text: text + $0) }).first {
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
