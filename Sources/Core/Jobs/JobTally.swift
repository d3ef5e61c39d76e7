/// What a queue has counted since its start.
struct JobTally: Sendable {
    private let accepted = LabelledMetrics(labels: ["handler"]) { Counter() }
    private let finished = LabelledMetrics(labels: ["handler", "status"]) { Counter() }
    private let durations = LabelledMetrics(labels: ["handler"]) {
        Histogram(bounds: HistogramValue.secondBounds)
    }

    func accepted(handler: String) { accepted[handler].add() }

    /// A job has ended; its duration says something only if it had begun.
    func ended(handler: String, _ end: JobEnd, ran: Bool) {
        finished[handler, end.status.rawValue].add()
        if ran { durations[handler].observe(Double(end.durationMilliseconds) / 1000) }
    }

    var families: [MetricFamily] {
        [
            MetricFamily(
                "roost_jobs_accepted_total", .counter, "Jobs taken in, by handler", accepted.samples),
            MetricFamily(
                "roost_jobs_finished_total", .counter,
                "Jobs that ended, by handler and how: completed, failed or cancelled", finished.samples),
            MetricFamily(
                "roost_job_duration_seconds", .histogram, "How long jobs ran that had begun, by handler",
                durations.samples),
        ]
    }
}
