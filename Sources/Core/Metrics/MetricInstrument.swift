/// Something that counts: ``Counter``, ``Gauge`` and ``Histogram``.
public protocol MetricInstrument: Sendable {
    /// What it has counted.
    var value: MetricSample.Value { get }
    /// What it is to a reader of the metrics.
    static var kind: MetricFamily.Kind { get }
}
