package import RoostCore

/// When a webhook that nobody took is sent again.
package struct WebhookSchedule: Sendable, Equatable {
    /// The pauses after the first attempts; the last one is repeated. Contract §9: 5 s, 30 s, 2 min, 10 min, 1 h.
    package var pauses: [Duration] = [
        .seconds(5), .seconds(30), .seconds(120), .seconds(600), .seconds(3600),
    ]
    /// How long after the first attempt it is still sent again: 24 h.
    package var window = Duration.seconds(24 * 3600)
    /// How much a pause may be longer, so that what failed together does not come again together: 10 %.
    package var jitter = 0.1
    /// How long one attempt may take: 10 s.
    package var timeout = Duration.seconds(10)

    /// That of the contract.
    package init() {}

    /// When the next attempt is.
    ///
    /// - Parameters:
    ///   - attempts: How many there have been, the failed one included.
    ///   - first: When the first was.
    ///   - now: When this one failed.
    ///   - retryAfter: What the receiver asked for, in milliseconds. It is waited for even beyond the window, for one
    ///     last attempt, but not longer than the window is.
    ///   - chance: Where within the jitter, 0 to 1.
    /// - Returns: Nil when it is to be given up.
    package func next(
        after attempts: Int, first: Timestamp, now: Timestamp, retryAfter: Int64?, chance: Double
    ) -> Timestamp? {
        let window = Self.milliseconds(self.window)
        guard let last = pauses.indices.last, first.milliseconds(until: now) < window else { return nil }
        let pause = Double(Self.milliseconds(pauses[min(max(0, attempts - 1), last)]))
        let spread = pause * (1 + jitter * min(max(0, chance), 1))
        let due = now.milliseconds + Int64(min(spread, 1e12))
        if let retryAfter, now.milliseconds + min(retryAfter, window) > due {
            return Timestamp(milliseconds: now.milliseconds + min(retryAfter, window))
        }
        let next = Timestamp(milliseconds: due)
        return first.milliseconds(until: next) <= window ? next : nil
    }

    private static func milliseconds(_ duration: Duration) -> Int64 {
        Int64(min(max(0, duration / .milliseconds(1)), 1e12))
    }
}
