/// What happened to jobs within some time.
public struct JobActivity: Sendable, Equatable {
    /// How many were accepted.
    public var accepted = 0
    /// How many ended, by the state they ended in.
    public var finished: [JobStatus: Int] = [:]
    /// How long those ran that ended, less those that never ran.
    public var durations = DurationHistogram()

    /// Nothing.
    public init() {}

    /// How many ended, in whatever state.
    public var finishedCount: Int { finished.values.reduce(0, +) }

    /// Adds what happened elsewhere.
    public mutating func add(_ other: JobActivity) {
        accepted += other.accepted
        for (status, count) in other.finished { finished[status, default: 0] += count }
        durations.add(other.durations)
    }

    /// Adds one end.
    package mutating func addEnd(_ status: JobStatus, durationClass: Int?, count: Int = 1) {
        finished[status, default: 0] += count
        if let durationClass { durations.add(classIndex: durationClass, count: count) }
    }
}
