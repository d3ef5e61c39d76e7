/// What a store says of itself, as metrics.
package struct JobStoreMetrics: MetricsSource {
    private let store: any JobStore
    private let logger: Logger

    /// When the store cannot be read, its families are empty, and the logger is told why at `debug`.
    package init(_ store: any JobStore, logger: Logger) {
        self.store = store
        self.logger = logger
    }

    package func metrics() async -> [MetricFamily] {
        var figures: JobStoreFigures?
        do { figures = try await store.figures() } catch {
            logger.debug("the metrics of the job history cannot be read", ["cause": .string("\(error)")])
        }
        return [
            gauge(
                "roost_history_database_bytes", "Size of the database without its log", figures?.databaseBytes
            ),
            gauge("roost_history_log_bytes", "Size of the database's write-ahead log", figures?.logBytes),
            MetricFamily(
                "roost_history_commit_changes", .histogram,
                "Changes that were committed together, such as the start or the end of a job",
                figures.map { figures in
                    let sizes = HistogramValue(
                        bounds: JobStoreFigures.commitSizeBounds.map(Double.init),
                        counts: figures.commitSizes,
                        sum: Double(figures.committedChanges))
                    return [MetricSample([], .histogram(sizes))]
                } ?? []),
            gauge(
                "roost_history_unsaved_ends", "Ends of jobs that could not be written yet",
                figures.map { Int64($0.unsavedEnds) }),
            gauge(
                "roost_history_unindexed_jobs", "Finished jobs whose text is not in the search index yet",
                figures?.unindexedJobs.map { Int64($0) }),
            MetricFamily(
                "roost_webhooks", .gauge, "Webhooks in the history, by state",
                figures.map { figures in
                    WebhookState.allCases.map { state in
                        MetricSample([(name: "state", value: state.rawValue)], figures.webhooks[state] ?? 0)
                    }
                } ?? []),
        ]
    }

    private func gauge(_ name: String, _ help: String, _ value: Int64?) -> MetricFamily {
        MetricFamily(name, .gauge, help, value.map { [MetricSample([], $0)] } ?? [])
    }
}
