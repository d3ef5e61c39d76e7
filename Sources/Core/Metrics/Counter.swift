/// A number that only grows, from 0 at the start of the server: requests, bytes, seconds of work.
public final class Counter: MetricInstrument {
    private let number = AtomicNumber()

    /// Begins at 0; a handler's own is made by ``HandlerMetrics/counter(_:_:)``.
    public init() {}

    /// Adds; an amount that is below zero or no number is left out. From any thread.
    public func add(_ amount: Double = 1) {
        guard amount > 0, amount.isFinite else { return }
        number.add(amount)
    }

    /// The sum so far.
    public var value: MetricSample.Value { .number(number.value) }

    /// ``MetricFamily/Kind/counter``.
    public static var kind: MetricFamily.Kind { .counter }
}
