/// Something that knows metrics and is asked for them whenever somebody reads `/metrics`.
public protocol MetricsSource: Sendable {
    /// Its metrics as they are now: the same families each time, with or without samples.
    ///
    /// Asked in a task of the cooperative pool, so it must not block; what has to be read from a disk is read elsewhere
    /// and awaited. One that cannot tell gives its families without samples.
    func metrics() async -> [MetricFamily]
}
