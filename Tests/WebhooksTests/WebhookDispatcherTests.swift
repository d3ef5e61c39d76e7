import RoostCore
import RoostWebhooks
import Testing

@Suite struct WebhookDispatcherTests {
    private let now = Timestamp(milliseconds: 1_000_000)

    private func id(_ number: UInt64) -> JobID { JobID(high: 0, low: number) }

    private func agenda(_ items: [(UInt64, String)], nextAt: Int64? = nil) -> WebhookAgenda {
        WebhookAgenda(
            due: items.map { .init(id: id($0.0), receiver: $0.1) },
            nextAt: nextAt.map(Timestamp.init(milliseconds:)))
    }

    private func sent(_ actions: [WebhookDispatcher.Action]) -> [JobID] {
        actions.compactMap { if case .send(let id, _) = $0 { id } else { nil } }
    }

    private var small: WebhookLimits {
        var limits = WebhookLimits()
        (limits.total, limits.perHost, limits.perReceiver) = (4, 2, 2)
        return limits
    }

    @Test func `looks once at a time, and again when asked meanwhile`() {
        var dispatcher = WebhookDispatcher()
        #expect(dispatcher.tick() == [.look(excluding: [], limit: 32)])
        #expect(dispatcher.tick() == [])
        #expect(dispatcher.found(agenda([]), now: now) == [.look(excluding: [], limit: 32)])
        #expect(dispatcher.found(agenda([]), now: now) == [.wake(at: Timestamp(milliseconds: 1_030_000))])
    }

    @Test func `wakes when the next one is due`() {
        var dispatcher = WebhookDispatcher()
        _ = dispatcher.tick()
        #expect(
            dispatcher.found(agenda([], nextAt: 1_005_000), now: now)
                == [.wake(at: Timestamp(milliseconds: 1_005_000))])
    }

    @Test func `sends in the order given, each once at a time`() {
        var dispatcher = WebhookDispatcher()
        _ = dispatcher.tick()
        #expect(sent(dispatcher.found(agenda([(1, "a"), (2, "b")]), now: now)) == [id(1), id(2)])
        _ = dispatcher.tick()
        // Still due in the outbox while they are under way.
        #expect(sent(dispatcher.found(agenda([(1, "a"), (2, "b"), (3, "a")]), now: now)) == [id(3)])
        #expect(dispatcher.underWayCount == 3)
    }

    @Test func `a host has its places and no more, and is then left out of the question`() {
        var dispatcher = WebhookDispatcher(limits: small)
        _ = dispatcher.tick()
        let actions = dispatcher.found(agenda([(1, "a"), (2, "a"), (3, "a"), (4, "a")]), now: now)
        #expect(sent(actions) == [id(1), id(2)])
        // As many as were asked for, so there may be others behind them.
        #expect(actions.last == .look(excluding: ["a"], limit: 6))
        #expect(sent(dispatcher.found(agenda([(9, "b")]), now: now)) == [id(9)])
        #expect(dispatcher.finished(id(1), failed: false) == [.look(excluding: [], limit: 6)])
    }

    @Test func `all together have their places, and nobody asks while they are taken`() {
        var dispatcher = WebhookDispatcher(limits: small)
        _ = dispatcher.tick()
        let items = (1...6).map { (UInt64($0), "host\($0)") }
        #expect(sent(dispatcher.found(agenda(items), now: now)).count == 4)
        #expect(dispatcher.tick() == [])
        #expect(dispatcher.finished(id(2), failed: false).count == 1)
    }

    @Test func `hosts that fail get one place each, and together leave some to the others`() {
        var dispatcher = WebhookDispatcher(limits: small)
        for number in UInt64(1)...3 {
            _ = dispatcher.tick()
            _ = dispatcher.found(agenda([(number, "bad\(number)")]), now: now)
            _ = dispatcher.finished(id(number), failed: true)
            _ = dispatcher.found(agenda([]), now: now)
        }
        _ = dispatcher.tick()
        let due = [(11, "bad1"), (12, "bad1"), (13, "bad2"), (14, "bad3"), (15, "good"), (16, "good")] as [(UInt64, String)]
        #expect(sent(dispatcher.found(agenda(due), now: now)) == [id(11), id(13), id(15), id(16)])
        // One of the good ends: its place is not for those that fail.
        #expect(
            dispatcher.finished(id(15), failed: false)
                == [.look(excluding: ["bad1", "bad2", "bad3"], limit: 7)])
    }

    @Test func `a receiver that fails holds up no other at its host`() {
        var limits = WebhookLimits()
        (limits.total, limits.perHost, limits.perReceiver) = (8, 4, 2)
        var dispatcher = WebhookDispatcher(limits: limits)
        for number in UInt64(1)...3 {
            _ = dispatcher.tick()
            _ = dispatcher.found(agenda([(number, "h:80/bad\(number)")]), now: now)
            _ = dispatcher.finished(id(number), failed: true)
            _ = dispatcher.found(agenda([]), now: now)
        }
        _ = dispatcher.tick()
        let due =
            [
                (11, "h:80/bad1"), (12, "h:80/bad1"), (13, "h:80/bad2"), (14, "h:80/bad3"), (15, "h:80/good"), (16, "h:80/good"),
                (17, "h:80/good"), (18, "h:81/good"),
            ] as [(UInt64, String)]
        // Half of the host's places for those that fail, and no more than four to the host in all.
        #expect(sent(dispatcher.found(agenda(due), now: now)) == [id(11), id(13), id(15), id(16), id(18)])
        _ = dispatcher.found(agenda([]), now: now)
        #expect(dispatcher.finished(id(18), failed: false) == [.look(excluding: ["h:80"], limit: 12)])
        _ = dispatcher.found(agenda([]), now: now)
        #expect(
            dispatcher.finished(id(15), failed: false)
                == [.look(excluding: ["h:80/bad1", "h:80/bad2", "h:80/bad3"], limit: 11)])
    }

    @Test func `a host that answers again has all its places again`() {
        var dispatcher = WebhookDispatcher(limits: small)
        _ = dispatcher.tick()
        _ = dispatcher.found(agenda([(1, "a")]), now: now)
        _ = dispatcher.finished(id(1), failed: true)
        _ = dispatcher.found(agenda([(2, "a"), (3, "a")]), now: now)
        #expect(dispatcher.underWayCount == 1)
        _ = dispatcher.finished(id(2), failed: false)
        #expect(sent(dispatcher.found(agenda([(3, "a"), (4, "a")]), now: now)) == [id(3), id(4)])
    }

    @Test func `an outbox that cannot be read is asked again in a second`() {
        var dispatcher = WebhookDispatcher()
        _ = dispatcher.tick()
        #expect(dispatcher.lookFailed(now: now) == [.wake(at: Timestamp(milliseconds: 1_001_000))])
        #expect(dispatcher.tick().count == 1)
    }

    @Test func `an end of what is not under way is nothing`() {
        var dispatcher = WebhookDispatcher()
        #expect(dispatcher.finished(id(1), failed: true) == [])
    }
}
