package import RoostCore
internal import Synchronization

/// How many requests a second a client may make: a quota that refills evenly (GCRA), one for each client.
///
/// Pure but for a lock: the time is handed in, so that a test has its own.
public final class RateLimiter: Sendable {
    /// What a client has left after a request.
    package struct Standing: Equatable, Sendable {
        /// False when the request is beyond the quota; it has then taken nothing from it.
        package let isWithin: Bool
        /// Requests that may follow at once.
        package let remaining: Int
        /// Until the quota is whole again; of a request beyond it, until one more is allowed.
        package let wait: Duration
    }

    /// Clients that are remembered at most.
    package static let maximumClients = 10_000

    /// Requests in each second.
    package let quota: Int
    private let interval: Duration
    private static let window = Duration.seconds(1)
    /// For each client the time at which its quota is whole again.
    private let restored = Mutex<[String: ContinuousClock.Instant]>([:])

    /// Allows each client `quota` requests a second, at least 1; they may come all at once.
    public init(requestsPerSecond quota: Int) {
        self.quota = min(max(1, quota), 1_000_000)
        interval = Self.window / self.quota
    }

    /// Counts one request of a client.
    package func take(_ client: String, at time: ContinuousClock.Instant) -> Standing {
        restored.withLock { table in
            if table[client] == nil { Self.makeRoom(&table, time) }
            let start = max(table[client] ?? time, time)
            let end = start + interval
            let isWithin = time.duration(to: end) <= Self.window
            if isWithin { table[client] = end }
            let used = time.duration(to: isWithin ? end : start)
            let wait = isWithin ? used : time.duration(to: end) - Self.window
            return Standing(isWithin: isWithin, remaining: Int((Self.window - used) / interval), wait: wait)
        }
    }

    /// How many clients are remembered.
    package var clientCount: Int { restored.withLock { $0.count } }

    /// Forgets who has the whole quota again; should that not be enough, everybody. Then a flood from thousands of
    /// addresses makes the limit a little generous, and never the table large.
    private static func makeRoom(
        _ table: inout [String: ContinuousClock.Instant], _ time: ContinuousClock.Instant
    ) {
        guard table.count >= maximumClients else { return }
        table = table.filter { $0.value > time }
        if table.count >= maximumClients { table = [:] }
    }

    // MARK: Fields

    /// `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-09 §§3 and 4).
    package func addFields(_ standing: Standing, to fields: inout HTTPFields) {
        fields.append("RateLimit-Policy", #""default";q=\#(quota);w=1"#)
        fields.append(
            "RateLimit", #""default";r=\#(standing.remaining);t=\#(Self.seconds(standing.wait))"#)
    }

    /// Whole seconds, rounded up, at least 1.
    package static func seconds(_ wait: Duration) -> Int {
        let (seconds, attoseconds) = wait.components
        return Int(max(1, seconds + (attoseconds > 0 ? 1 : 0)))
    }
}
