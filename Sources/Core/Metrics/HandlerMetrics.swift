/// The metrics of one handler. Declared in ``Handler/start(_:)``, kept by the handler, and shown by `GET /metrics` as
/// `roost_`, the handler's name and the metric's name, joined by underscores.
///
/// ```swift
/// func start(_ context: HandlerContext) async throws {
///     let words = try context.metrics.counter("words_total", "Words counted")
///     let seconds = try context.metrics.histograms("lookup_seconds", "Time of a lookup", by: "table")
///     …
/// }
/// ```
/// Values are in base units: seconds, bytes, ratios from 0 to 1.
public final class HandlerMetrics: Sendable {
    private let registry: MetricsRegistry
    private let prefix: String

    /// Metrics of a handler of this name.
    public init(registry: MetricsRegistry, handler: String) {
        self.registry = registry
        prefix = "roost_" + String(handler.map { $0 == "-" ? "_" : $0 }) + "_"
    }

    /// A number that only grows.
    ///
    /// - Parameters:
    ///   - name: Letters, digits and underscores; ends in `_total`.
    ///   - help: What it counts.
    /// - Returns: The counter, at 0.
    /// - Throws: ``RegistryError`` when the name is taken or none; the same for all others here.
    public func counter(_ name: String, _ help: String) throws(RegistryError) -> Counter {
        try registry.declare(prefix + name, help, Counter())
    }

    /// A number that only grows, for each set of values of the labels.
    public func counters(
        _ name: String, _ help: String, by labels: String...
    ) throws(RegistryError) -> LabelledMetrics<Counter> {
        try registry.declare(prefix + name, help, LabelledMetrics(labels: labels) { Counter() })
    }

    /// A number that goes up and down.
    public func gauge(_ name: String, _ help: String) throws(RegistryError) -> Gauge {
        try registry.declare(prefix + name, help, Gauge())
    }

    /// A number that goes up and down, for each set of values of the labels.
    public func gauges(
        _ name: String, _ help: String, by labels: String...
    ) throws(RegistryError) -> LabelledMetrics<Gauge> {
        try registry.declare(prefix + name, help, LabelledMetrics(labels: labels) { Gauge() })
    }

    /// Values counted by size.
    ///
    /// - Parameters:
    ///   - name: Letters, digits and underscores; names the unit, such as `_seconds`.
    ///   - help: What is measured.
    ///   - bounds: The upper bounds of the buckets; unless given for durations in seconds from 100 µs to 5 min.
    /// - Returns: The histogram, empty.
    /// - Throws: ``RegistryError`` when the name is taken or none.
    public func histogram(
        _ name: String, _ help: String, bounds: [Double] = HistogramValue.secondBounds
    ) throws(RegistryError) -> Histogram {
        try registry.declare(prefix + name, help, Histogram(bounds: bounds))
    }

    /// Values counted by size, for each set of values of the labels.
    public func histograms(
        _ name: String, _ help: String, bounds: [Double] = HistogramValue.secondBounds, by labels: String...
    ) throws(RegistryError) -> LabelledMetrics<Histogram> {
        try registry.declare(
            prefix + name, help, LabelledMetrics(labels: labels) { Histogram(bounds: bounds) })
    }

    /// Has a source asked whose families have names of their own choice.
    package func add(_ source: any MetricsSource) { registry.add(source) }
}
