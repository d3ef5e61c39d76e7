/// How long jobs took, counted in classes that grow with the duration, so that a quantile is off by an eighth at most.
///
/// Up to 15 ms each millisecond is a class of its own; from there on, each doubling is split into eight.
public struct DurationHistogram: Sendable, Equatable {
    /// How many fell into each class; see ``classIndex(ofMilliseconds:)``.
    public private(set) var counts: [Int: Int] = [:]
    /// How many there are.
    public private(set) var count = 0

    /// An empty one.
    public init() {}

    /// The class of a duration in milliseconds, 0 to 487; those below 0 count as 0.
    public static func classIndex(ofMilliseconds value: Int) -> Int {
        guard value >= 16 else { return max(0, value) }
        let exponent = Int.bitWidth - 1 - value.leadingZeroBitCount
        return 16 + (exponent - 4) * 8 + (value >> (exponent - 3)) & 7
    }

    /// The durations of a class in milliseconds, both ends included.
    public static func milliseconds(ofClass index: Int) -> ClosedRange<Int> {
        guard index >= 16 else { return max(0, index)...max(0, index) }
        let (octave, part) = (min(index, 487) - 16).quotientAndRemainder(dividingBy: 8)
        let width = 1 << (octave + 1)
        let start = (8 + part) * width
        return start...(start + (width - 1))
    }

    /// Counts durations of one class.
    public mutating func add(classIndex: Int, count: Int = 1) {
        counts[classIndex, default: 0] += count
        self.count += count
    }

    /// Counts what another has counted.
    public mutating func add(_ other: DurationHistogram) {
        for (index, count) in other.counts { add(classIndex: index, count: count) }
    }

    /// The duration that a share of the jobs did not exceed.
    ///
    /// - Parameter share: From 0 to 1, such as 0.99.
    /// - Returns: Milliseconds, the middle of a class; nil when there are no jobs.
    public func quantile(_ share: Double) -> Int? {
        guard count > 0 else { return nil }
        let exact = Double(count) * min(max(0, share), 1)
        let rank = max(1, Double(Int(exact)) < exact ? Int(exact) + 1 : Int(exact))
        var seen = 0
        for (index, count) in counts.sorted(by: { $0.key < $1.key }) {
            seen += count
            if seen >= rank {
                let bounds = Self.milliseconds(ofClass: index)
                return bounds.lowerBound + (bounds.upperBound - bounds.lowerBound) / 2
            }
        }
        return nil
    }
}
