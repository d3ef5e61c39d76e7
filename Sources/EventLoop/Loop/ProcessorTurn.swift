/// How long a thread has had its processor without a rest.
///
/// Where loops and those who ask them want more processors than there are, a thread that always finds work keeps its own
/// until the kernel's next tick, some milliseconds, and the connections of a loop behind it wait that long for a few
/// microseconds of work. A loop therefore lets others go first (`sched_yield(2)`) when its turn is over.
struct ProcessorTurn {
    /// A fraction of a tick, and long beside a switch to another thread and back, which costs some microseconds.
    private static let length = Duration.microseconds(500)
    /// A wait for events that took longer was a rest: the thread slept.
    private static let rest = Duration.microseconds(5)

    private var end: MonotonicTime

    init(startedAt now: MonotonicTime) { end = now + Self.length }

    /// Whether others should have the processor now.
    func isOver(at now: MonotonicTime) -> Bool { end <= now }

    /// A wait for events is over: one in which the thread slept begins a new turn.
    mutating func waited(from start: MonotonicTime, to now: MonotonicTime) {
        if start + Self.rest < now { end = now + Self.length }
    }
}
