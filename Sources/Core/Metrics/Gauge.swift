/// A number that goes up and down: what waits, what is open, how warm it is.
public final class Gauge: MetricInstrument {
    private let number = AtomicNumber()

    /// Begins at 0; a handler's own is made by ``HandlerMetrics/gauge(_:_:)``.
    public init() {}

    /// Replaces the number. From any thread.
    public func set(_ value: Double) { number.set(value) }

    /// Adds, or takes away where the amount is below zero. From any thread.
    public func add(_ amount: Double) { number.add(amount) }

    /// The number now.
    public var value: MetricSample.Value { .number(number.value) }

    /// ``MetricFamily/Kind/gauge``.
    public static var kind: MetricFamily.Kind { .gauge }
}
