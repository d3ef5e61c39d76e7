/// Counts of what happened to jobs, minute by minute, for ``InMemoryJobStore``.
struct JobRollup {
    private var minutes: [Int64: [String: JobActivity]] = [:]

    mutating func accepted(_ handler: String, at time: Timestamp) {
        minutes[JobActivityWindow.minute(time), default: [:]][handler, default: JobActivity()].accepted += 1
    }

    mutating func ended(_ handler: String, _ end: JobEnd, hasRun: Bool) {
        let index = hasRun ? DurationHistogram.classIndex(ofMilliseconds: end.durationMilliseconds) : nil
        minutes[JobActivityWindow.minute(end.completedAt), default: [:]][handler, default: JobActivity()]
            .addEnd(end.status, durationClass: index)
    }

    func window(minutes count: Int64, now: Timestamp) -> JobActivityWindow {
        let first = JobActivityWindow.firstMinute(of: count, now: now)
        let last = JobActivityWindow.minute(now)
        var handlers: [String: JobActivity] = [:]
        for (minute, activities) in minutes where first <= minute && minute <= last {
            for (handler, activity) in activities { handlers[handler, default: JobActivity()].add(activity) }
        }
        return JobActivityWindow(firstMinute: first, now: now, handlers: handlers)
    }

    /// Forgets what no window shows any more.
    mutating func prune(now: Timestamp) {
        let first = JobActivityWindow.firstMinute(of: JobRollup.keptMinutes, now: now)
        minutes = minutes.filter { $0.key >= first }
    }

    /// A day and the minute under way.
    static let keptMinutes: Int64 = 1441
}
