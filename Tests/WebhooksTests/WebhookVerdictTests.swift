import RoostCore
import RoostWebhooks
import Testing

@Suite struct WebhookVerdictTests {
    private let time = Timestamp(milliseconds: 1_700_000_000_000)

    private func verdict(_ result: WebhookResult, round: Int = 0, startedAt: Timestamp? = nil) -> WebhookAttempt {
        let message = WebhookMessage(
            id: JobID(high: 1, low: 2), url: "http://e.com/", body: [], attempts: 7, round: round,
            roundStartedAt: startedAt)
        return WebhookVerdict.attempt(
            message, result, startedAt: time, endedAt: time, schedule: WebhookSchedule(), chance: 0)
    }

    @Test(arguments: [200, 201, 204, 299])
    func `2xx delivers`(status: Int) {
        let attempt = verdict(.answered(status: status, retryAfter: "9"))
        #expect(attempt.state == .delivered)
        #expect(attempt.status == status)
        #expect(attempt.error == nil)
        #expect(attempt.nextAttemptAt == nil)
        #expect(attempt.previousAttempts == 7)
    }

    @Test(arguments: [100, 199, 300, 301, 302, 307, 400, 404, 429, 500, 503, 599])
    func `anything else is sent again, redirects too`(status: Int) {
        let attempt = verdict(.answered(status: status, retryAfter: nil), round: 1)
        #expect(attempt.state == .pending)
        #expect(attempt.status == status)
        #expect(attempt.error == "answered with status \(status)")
        #expect(attempt.nextAttemptAt?.milliseconds == time.milliseconds + 30_000)
    }

    @Test func `a receiver that is gone is left alone`() {
        let attempt = verdict(.answered(status: 410, retryAfter: nil))
        #expect(attempt.state == .failed)
        #expect(attempt.nextAttemptAt == nil)
    }

    @Test func `no answer is sent again, and Retry-After is obeyed`() {
        #expect(verdict(.failed("no answer within 10 s")).nextAttemptAt?.milliseconds == time.milliseconds + 5000)
        #expect(
            verdict(.answered(status: 503, retryAfter: "70")).nextAttemptAt?.milliseconds
                == time.milliseconds + 70_000)
    }

    @Test func `an address that must not be sent to ends it`() {
        let attempt = verdict(.refused("points to 10.0.0.1"))
        #expect(attempt.state == .dropped)
        #expect(attempt.error == "points to 10.0.0.1")
        #expect(attempt.nextAttemptAt == nil)
    }

    @Test func `after a day it fails`() {
        let yesterday = Timestamp(milliseconds: time.milliseconds - 86_400_000)
        let attempt = verdict(.failed("no route"), round: 27, startedAt: yesterday)
        #expect(attempt.state == .failed)
        #expect(attempt.error == "no route")
    }
}
