/// What a server gives each of its handlers.
public struct HandlerContext: Sendable {
    /// Submits, finds and cancels jobs in the handler's name; a request's own submits in its client's name, too.
    public internal(set) var jobs: HandlerJobs
    /// Lines carry the handler's name.
    public let logger: Logger
    /// The wall clock.
    public let now: @Sendable () -> Timestamp
    /// Declares metrics of the handler's own, at its start.
    public let metrics: HandlerMetrics

    /// Puts a context together.
    public init(
        jobs: HandlerJobs, logger: Logger, now: @escaping @Sendable () -> Timestamp,
        metrics: MetricsRegistry = MetricsRegistry()
    ) {
        self.jobs = jobs
        self.metrics = HandlerMetrics(registry: metrics, handler: jobs.handler)
        self.logger = logger
        self.now = now
    }
}
