/// What happened to jobs from one moment to another, by handler.
public struct JobActivityWindow: Sendable, Equatable {
    /// Its beginning, a whole minute.
    public var since: Timestamp
    /// Its end.
    public var until: Timestamp
    /// By handler; without those to whom nothing happened.
    public var handlers: [String: JobActivity]

    /// Puts a window together.
    public init(since: Timestamp, until: Timestamp, handlers: [String: JobActivity]) {
        self.since = since
        self.until = until
        self.handlers = handlers
    }

    /// Of all handlers.
    public var total: JobActivity { handlers.values.reduce(into: JobActivity()) { $0.add($1) } }

    /// How long it is, in seconds; never 0.
    public var seconds: Double { max(0.001, Double(since.milliseconds(until: until)) / 1000) }

    /// The first minute of a window that ends now and covers this many minutes, the one that is under way included.
    package static func firstMinute(of minutes: Int64, now: Timestamp) -> Int64 {
        minute(now) - (minutes - 1)
    }

    /// Whole minutes since 1970.
    package static func minute(_ time: Timestamp) -> Int64 {
        let (minute, rest) = time.milliseconds.quotientAndRemainder(dividingBy: 60_000)
        return rest < 0 ? minute - 1 : minute
    }

    /// The window that begins with a minute.
    package init(firstMinute: Int64, now: Timestamp, handlers: [String: JobActivity]) {
        self.init(since: Timestamp(milliseconds: firstMinute * 60_000), until: now, handlers: handlers)
    }
}
