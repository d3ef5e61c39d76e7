package import RoostCore

/// What follows from an attempt.
package enum WebhookVerdict {
    /// Judges one.
    ///
    /// 2xx delivers; 410 says that the receiver is gone, and an address that must not be sent to that it should never
    /// have been: both end it. Anything else, redirects too, is tried again while the schedule lasts.
    ///
    /// - Parameters:
    ///   - message: What was sent.
    ///   - result: What came of it.
    ///   - startedAt: When it was sent.
    ///   - endedAt: When that was known.
    ///   - schedule: When it is tried again.
    ///   - chance: Where within the jitter, 0 to 1.
    /// - Returns: What is kept.
    package static func attempt(
        _ message: WebhookMessage, _ result: WebhookResult, startedAt: Timestamp, endedAt: Timestamp,
        schedule: WebhookSchedule, chance: Double
    ) -> WebhookAttempt {
        var attempt = WebhookAttempt(
            previousAttempts: message.attempts, at: startedAt, endedAt: endedAt, state: .pending, status: nil,
            error: nil, nextAttemptAt: nil)
        var retryAfter: Int64?
        switch result {
        case .answered(let status, let field):
            attempt.status = status
            guard !(200...299).contains(status) else {
                attempt.state = .delivered
                return attempt
            }
            attempt.error = "answered with status \(status)"
            guard status != 410 else {
                attempt.state = .failed
                return attempt
            }
            retryAfter = field.flatMap { RetryAfter.milliseconds($0, now: endedAt) }
        case .failed(let cause): attempt.error = cause
        case .refused(let cause):
            attempt.error = cause
            attempt.state = .dropped
            return attempt
        }
        let (count, overflow) = message.round.addingReportingOverflow(1)
        attempt.nextAttemptAt = schedule.next(
            after: overflow ? .max : count, first: message.roundStartedAt ?? startedAt, now: endedAt,
            retryAfter: retryAfter, chance: chance)
        if attempt.nextAttemptAt == nil { attempt.state = .failed }
        return attempt
    }
}
