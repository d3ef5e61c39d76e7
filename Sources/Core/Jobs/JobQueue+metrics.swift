extension JobQueue: MetricsSource {
    /// Jobs by handler and status, and what waits and runs in each lane; from memory.
    public func metrics() async -> [MetricFamily] {
        var (waiting, running, oldest): ([MetricSample], [MetricSample], [MetricSample]) = ([], [], [])
        for lane in laneNames {
            let labels = [(name: "lane", value: lane)]
            let counts = counts(lane: lane)
            waiting.append(MetricSample(labels, counts.waiting))
            running.append(MetricSample(labels, counts.running))
            let wait = Double(oldestWaitMilliseconds(lane: lane) ?? 0) / 1000
            oldest.append(MetricSample(labels, .number(wait)))
        }
        return tally.families + [
            MetricFamily("roost_jobs_queued", .gauge, "Jobs that wait for their turn, by lane", waiting),
            MetricFamily("roost_jobs_running", .gauge, "Jobs that run, by lane", running),
            MetricFamily(
                "roost_jobs_oldest_wait_seconds", .gauge,
                "How long the job waits that has waited longest, by lane; 0 when none waits", oldest),
        ]
    }
}
