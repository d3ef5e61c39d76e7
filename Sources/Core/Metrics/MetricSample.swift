/// One value of a metric, under its labels.
public struct MetricSample: Sendable, Equatable {
    /// What was counted.
    public enum Value: Sendable, Equatable {
        /// Of a counter or a gauge.
        case number(Double)
        /// Of a histogram.
        case histogram(HistogramValue)
    }

    /// Name and value of each label, in the order in which they are shown.
    public var labels: [(name: String, value: String)]
    /// The value.
    public var value: Value

    /// Puts a sample together.
    ///
    /// - Parameters:
    ///   - labels: Values from a set that is small and that no client chooses.
    ///   - value: What was counted.
    public init(_ labels: [(name: String, value: String)] = [], _ value: Value) {
        self.labels = labels
        self.value = value
    }

    /// A number under labels.
    public init(_ labels: [(name: String, value: String)] = [], _ number: some BinaryInteger) {
        self.init(labels, .number(Double(number)))
    }

    /// True when labels and value are.
    public static func == (left: MetricSample, right: MetricSample) -> Bool {
        left.value == right.value && left.labels.elementsEqual(right.labels) { $0 == $1 }
    }
}
