@testable import RoostCore
import Testing

/// The scheduler behind a reference, since `#expect` cannot call a mutating method.
private final class Turns {
    private var scheduler: JobScheduler

    init(_ lanes: [JobLane]) { scheduler = JobScheduler(lanes) }

    func reserve(lane: String, client: String = "", maximumWaiting: Int, forOthers: Int = 0) -> Bool {
        scheduler.reserve(lane: lane, client: client, maximumWaiting: maximumWaiting, forOthers: forOthers)
    }
    func unreserve(lane: String) { scheduler.unreserve(lane: lane) }
    func enqueue(_ id: JobID, lane: String, client: String, session: String? = nil) {
        scheduler.enqueue(id, lane: lane, client: client, session: session)
    }
    func next(lane: String) -> [JobID] { scheduler.next(lane: lane) }
    func finished(lane: String, session: String? = nil) { scheduler.finished(lane: lane, session: session) }
    func remove(_ id: JobID, lane: String, session: String? = nil) -> Bool {
        scheduler.remove(id, lane: lane, session: session)
    }
    func removeAll() -> [JobID] { scheduler.removeAll() }
    func counts(_ lane: String) -> (waiting: Int, running: Int) { scheduler.counts(lane) }
}

@Suite struct `Job scheduler` {
    private static func id(_ number: Int) -> JobID { JobID(high: 0, low: UInt64(number)) }

    private static func scheduler(width: Int, jobs: [(Int, String)]) -> Turns {
        let scheduler = Turns([JobLane(name: "lane", width: width)])
        for (number, client) in jobs {
            #expect(scheduler.reserve(lane: "lane", maximumWaiting: 1000))
            scheduler.enqueue(id(number), lane: "lane", client: client)
        }
        return scheduler
    }

    @Test func `starts as many jobs at once as the lane is wide, in order of arrival`() {
        let scheduler = Self.scheduler(width: 2, jobs: [(1, ""), (2, ""), (3, "")])
        #expect(scheduler.next(lane: "lane") == [Self.id(1), Self.id(2)])
        #expect(scheduler.next(lane: "lane") == [])
        scheduler.finished(lane: "lane")
        #expect(scheduler.next(lane: "lane") == [Self.id(3)])
    }

    @Test func `gives clients turns, so that one with many jobs does not hold up one with a single job`() {
        let scheduler = Self.scheduler(width: 1, jobs: [(1, "a"), (2, "a"), (3, "a"), (4, "b")])
        var order: [JobID] = []
        while let next = scheduler.next(lane: "lane").first {
            order.append(next)
            scheduler.finished(lane: "lane")
        }
        #expect(order == [1, 4, 2, 3].map(Self.id))
    }

    @Test func `refuses a place beyond the jobs that may wait, counting those on their way in`() {
        let scheduler = Turns([JobLane(name: "lane", width: 1)])
        #expect(scheduler.reserve(lane: "lane", maximumWaiting: 1))
        #expect(scheduler.reserve(lane: "lane", maximumWaiting: 1))
        #expect(!scheduler.reserve(lane: "lane", maximumWaiting: 1))
        scheduler.unreserve(lane: "lane")
        #expect(scheduler.reserve(lane: "lane", maximumWaiting: 1))
    }

    @Test func `keeps places for clients who have no job waiting`() {
        let scheduler = Self.scheduler(width: 1, jobs: [(1, "a"), (2, "a")])
        #expect(scheduler.next(lane: "lane") == [Self.id(1)])
        #expect(!scheduler.reserve(lane: "lane", client: "a", maximumWaiting: 2, forOthers: 1))
        #expect(scheduler.reserve(lane: "lane", client: "b", maximumWaiting: 2, forOthers: 1))
        #expect(!scheduler.reserve(lane: "lane", client: "c", maximumWaiting: 2, forOthers: 1))
    }

    @Test func `lets a job run at once although none may wait`() {
        let scheduler = Turns([JobLane(name: "lane", width: 1)])
        #expect(scheduler.reserve(lane: "lane", maximumWaiting: 0))
        #expect(!scheduler.reserve(lane: "lane", maximumWaiting: 0))
    }

    @Test func `takes a waiting job out once, and a running one not at all`() {
        let scheduler = Self.scheduler(width: 1, jobs: [(1, ""), (2, "")])
        #expect(scheduler.next(lane: "lane") == [Self.id(1)])
        #expect(!scheduler.remove(Self.id(1), lane: "lane"))
        #expect(scheduler.remove(Self.id(2), lane: "lane"))
        #expect(!scheduler.remove(Self.id(2), lane: "lane"))
        #expect(scheduler.counts("lane") == (waiting: 0, running: 1))
    }

    @Test func `knows no lane that nobody declared`() {
        let scheduler = Turns([])
        #expect(!scheduler.reserve(lane: "lane", maximumWaiting: 10))
    }

    @Test func `keeps lanes apart`() {
        let scheduler = Turns([JobLane(name: "a", width: 1), JobLane(name: "b", width: 1)])
        #expect(scheduler.reserve(lane: "a", maximumWaiting: 0))
        #expect(scheduler.reserve(lane: "b", maximumWaiting: 0))
        scheduler.enqueue(Self.id(1), lane: "a", client: "")
        scheduler.enqueue(Self.id(2), lane: "b", client: "")
        #expect(scheduler.next(lane: "a") == [Self.id(1)])
        #expect(scheduler.next(lane: "b") == [Self.id(2)])
    }

    // MARK: Sessions

    private static func sessions(width: Int, jobs: [(Int, client: String, session: String?)]) -> Turns {
        let scheduler = Turns([JobLane(name: "lane", width: width)])
        for (number, client, session) in jobs {
            #expect(scheduler.reserve(lane: "lane", maximumWaiting: 1000))
            scheduler.enqueue(id(number), lane: "lane", client: client, session: session)
        }
        return scheduler
    }

    @Test func `runs the jobs of a session one at a time in order of arrival, whoever sent them`() {
        let scheduler = Self.sessions(width: 4, jobs: [(1, "a", "s"), (2, "b", "s"), (3, "a", "s")])
        for number in 1...3 {
            #expect(scheduler.next(lane: "lane") == [Self.id(number)])
            #expect(scheduler.next(lane: "lane") == [])
            scheduler.finished(lane: "lane", session: "s")
        }
        #expect(scheduler.counts("lane") == (0, 0))
    }

    @Test func `those that wait for their session take no place and hold up nobody`() {
        let scheduler = Self.sessions(
            width: 2, jobs: [(1, "a", "s"), (2, "a", "s"), (3, "a", "s"), (4, "a", nil), (5, "a", "t")])
        #expect(scheduler.next(lane: "lane") == [Self.id(1), Self.id(4)])
        #expect(scheduler.counts("lane") == (3, 2), "they wait all the same")
        scheduler.finished(lane: "lane")
        #expect(scheduler.next(lane: "lane") == [Self.id(5)])
    }

    @Test func `a job taken out of its session lets the next one pass`() {
        let scheduler = Self.sessions(
            width: 1, jobs: [(9, "", nil), (1, "", "s"), (2, "", "s"), (3, "", "s"), (4, "", "s")])
        #expect(scheduler.next(lane: "lane") == [Self.id(9)])
        #expect(scheduler.remove(Self.id(1), lane: "lane", session: "s"), "the first")
        #expect(scheduler.remove(Self.id(3), lane: "lane", session: "s"), "one behind it")
        #expect(!scheduler.remove(Self.id(3), lane: "lane", session: "s"))
        #expect(scheduler.counts("lane") == (2, 1))
        scheduler.finished(lane: "lane")
        #expect(scheduler.next(lane: "lane") == [Self.id(2)])
        scheduler.finished(lane: "lane", session: "s")
        #expect(scheduler.next(lane: "lane") == [Self.id(4)])
    }

    @Test func `takes all that wait out, those of sessions too`() {
        let scheduler = Self.sessions(width: 1, jobs: [(1, "", "s"), (2, "", "s"), (3, "", nil)])
        #expect(scheduler.next(lane: "lane") == [Self.id(1)])
        #expect(Set(scheduler.removeAll()) == [Self.id(2), Self.id(3)])
        scheduler.finished(lane: "lane", session: "s")
        #expect(scheduler.next(lane: "lane") == [])
        #expect(scheduler.counts("lane") == (0, 0))
    }
}
