/// How often something may happen: so many times at once, and so many a second in the long run.
struct Allowance: Sendable {
    private let burst: Int64
    private let perSecond: Int64
    /// In thousandths.
    private var left: Int64
    private var updatedAt: Timestamp?

    /// Full at first.
    init(burst: Int64, perSecond: Int64) {
        self.burst = burst
        self.perSecond = perSecond
        left = burst * 1000
    }

    /// Takes one.
    ///
    /// - Parameter time: Now. A clock that was set back gives nothing.
    /// - Returns: False when none is left.
    mutating func take(at time: Timestamp) -> Bool {
        // A minute fills any allowance that is worth the name, and cannot overflow.
        let (passed, overflow) = time.milliseconds.subtractingReportingOverflow(
            (updatedAt ?? time).milliseconds)
        let elapsed = overflow ? 0 : min(max(0, passed), 60_000)
        updatedAt = time
        left = min(burst * 1000, left + elapsed * perSecond)
        guard left >= 1000 else { return false }
        left -= 1000
        return true
    }
}
