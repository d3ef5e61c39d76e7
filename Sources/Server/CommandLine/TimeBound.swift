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
        } else if text.last?.isLetter == true, let span = AgeSpan(option: text) {
            form = .ago(milliseconds: span.milliseconds)
        } else {
            return nil
        }
    }

    /// The moment meant.
    func moment(now: Timestamp) -> Timestamp {
        switch form {
        case .moment(let moment): moment
        case .ago(let milliseconds): Timestamp(milliseconds: now.milliseconds - milliseconds)
        }
    }
}
