/// A span of time: a whole number with a unit, `90s`, `30m`, `2h`, `7d`, `4w`; without one it is seconds.
struct AgeSpan: OptionValue {
    static let expectation = "a span of time such as 90s, 30m, 2h, 7d or 4w"

    let milliseconds: Int64

    init?(option text: String) {
        let unit = text.last.flatMap { Self.units[$0] }
        guard let count = Int(option: unit == nil ? text : String(text.dropLast())), count <= 1_000_000_000
        else {
            return nil
        }
        milliseconds = Int64(count) * (unit ?? 1000)
    }

    private static let units: [Character: Int64] = [
        "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000,
    ]
}
