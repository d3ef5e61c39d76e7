internal import Synchronization

/// How often values of which size were seen: durations in seconds, sizes in bytes.
public final class Histogram: MetricInstrument {
    private let state: Mutex<HistogramValue>

    /// Nothing seen yet; a handler's own is made by ``HandlerMetrics/histogram(_:_:bounds:)``.
    ///
    /// - Parameter bounds: See ``HistogramValue/init(bounds:)``.
    public init(bounds: [Double]) { state = Mutex(HistogramValue(bounds: bounds)) }

    /// Counts one value. From any thread.
    public func observe(_ value: Double) { state.withLock { $0.observe(value) } }

    /// What was seen so far.
    public var value: MetricSample.Value { .histogram(state.withLock { $0 }) }

    /// ``MetricFamily/Kind/histogram``.
    public static var kind: MetricFamily.Kind { .histogram }
}
