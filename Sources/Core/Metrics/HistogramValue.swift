/// The counts of a histogram at one moment.
public struct HistogramValue: Sendable, Equatable {
    /// The upper bounds of its buckets, rising; one more bucket takes what is beyond the last.
    public let bounds: [Double]
    /// How many values each bucket holds, those of lower buckets not among them; one more than there are bounds.
    public private(set) var counts: [Int]
    /// The sum of all values.
    public private(set) var sum: Double

    /// Nothing seen yet.
    ///
    /// - Parameter bounds: In any order; infinite ones, those that are no number, and repeats are left out.
    public init(bounds: [Double]) {
        var rising: [Double] = []
        for bound in bounds.sorted() where bound.isFinite && bound != rising.last { rising.append(bound) }
        self.bounds = rising
        counts = Array(repeating: 0, count: rising.count + 1)
        sum = 0
    }

    /// What somebody else has counted.
    ///
    /// - Parameters:
    ///   - bounds: As in ``init(bounds:)``, already rising.
    ///   - counts: One for each bound and one for what is beyond; those that are missing are 0.
    ///   - sum: The sum of all values.
    public init(bounds: [Double], counts: [Int], sum: Double) {
        self.init(bounds: bounds)
        for (index, count) in counts.prefix(self.counts.count).enumerated() { self.counts[index] = count }
        self.sum = sum
    }

    /// Counts one value, in the first bucket whose bound it does not exceed. What is no number is left out.
    public mutating func observe(_ value: Double) {
        guard !value.isNaN else { return }
        var index = 0
        while index < bounds.count, value > bounds[index] { index += 1 }
        counts[index] &+= 1
        sum += value
    }

    /// Adds what was counted elsewhere in the same buckets; other buckets are left out.
    package mutating func add(_ other: HistogramValue) {
        guard bounds == other.bounds else { return }
        for (index, count) in other.counts.enumerated() { counts[index] &+= count }
        sum += other.sum
    }

    /// How many values were seen.
    public var count: Int { counts.reduce(0, &+) }

    /// Bounds in seconds for durations from 100 µs to 5 min.
    public static let secondBounds: [Double] = [
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
        60,
        120, 300,
    ]
}
