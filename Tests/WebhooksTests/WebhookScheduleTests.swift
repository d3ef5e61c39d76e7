import RoostCore
import RoostWebhooks
import Testing

@Suite struct WebhookScheduleTests {
    private let schedule = WebhookSchedule()
    private let first = Timestamp(milliseconds: 1_700_000_000_000)

    private func next(
        _ attempts: Int, after seconds: Int64 = 0, retryAfter: Int64? = nil, chance: Double = 0
    ) -> Int64? {
        let now = Timestamp(milliseconds: first.milliseconds + seconds * 1000)
        return schedule.next(after: attempts, first: first, now: now, retryAfter: retryAfter, chance: chance)
            .map { $0.milliseconds - now.milliseconds }
    }

    @Test func `waits as the contract says`() {
        #expect([1, 2, 3, 4, 5, 6, 20].map { next($0) } == [5000, 30_000, 120_000, 600_000, 3_600_000, 3_600_000, 3_600_000])
    }

    @Test func `a pause is at most a tenth longer`() {
        #expect(next(1, chance: 1) == 5500)
        #expect(next(5, chance: 0.5) == 3_780_000)
        #expect(next(1, chance: 7) == 5500)
    }

    @Test func `goes on for a day and then gives up`() {
        var (now, attempts) = (first, 1)
        while let due = schedule.next(after: attempts, first: first, now: now, retryAfter: nil, chance: 0) {
            (now, attempts) = (due, attempts + 1)
        }
        // 5 within the first 4,355 s, then each hour: 23 more fit into the day.
        #expect(attempts == 28)
        #expect(first.milliseconds(until: now) <= 86_400_000)
        #expect(first.milliseconds(until: now) > 86_400_000 - 3_600_000)
    }

    @Test func `waits at least as long as the receiver asks`() {
        #expect(next(1, retryAfter: 60_000) == 60_000)
        #expect(next(3, retryAfter: 60_000) == 120_000)
        #expect(next(1, retryAfter: 0) == 5000)
    }

    @Test func `waits beyond the day for one last attempt, but not for ever`() {
        #expect(next(3, after: 86_000, retryAfter: 3_000_000) == 3_000_000)
        #expect(next(3, retryAfter: .max) == 86_400_000)
        #expect(next(4, after: 90_000, retryAfter: 1000) == nil)
    }

    @Test func `a clock that was set back ends nothing`() {
        #expect(next(1, after: -1000) == 5000)
        #expect(next(.max) == 3_600_000)
        #expect(next(0) == 5000)
    }

    @Test(
        arguments: [
            ("120", 120_000), ("0", 0), (" 7", 7000), ("Wed, 15 Nov 2023 00:00:00 GMT", 6_400_000),
            ("Tue, 14 Nov 2023 22:13:21 GMT", 1000), ("Sun, 06 Nov 1994 08:49:37 GMT", 0),
            ("Thu, 29 Feb 2024 00:00:00 GMT", 9_164_800_000),
            ("99999999999999999999999", (1 << 40) * 1000),
        ] as [(String, Int64)])
    func `reads Retry-After`(text: String, milliseconds: Int64) {
        let now = Timestamp(milliseconds: 1_700_000_000_000)  // Tue, 14 Nov 2023 22:13:20 GMT
        #expect(RetryAfter.milliseconds(text, now: now) == milliseconds)
    }

    @Test(arguments: ["", "soon", "-5", "1.5", "Wed, 15 Nov 2023 00:00:00", "Wed, 15 Nov 2023 25:00:00 GMT", "+5"])
    func `takes no other Retry-After`(text: String) {
        #expect(RetryAfter.milliseconds(text, now: first) == nil)
    }
}
