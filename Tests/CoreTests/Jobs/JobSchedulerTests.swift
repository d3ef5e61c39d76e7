@testable import RoostCore
import Testing

@Suite struct `Job scheduler` {
    private static func id(_ number: Int) -> JobID { JobID(high: 0, low: UInt64(number)) }

    private static func scheduler(width: Int, jobs: [(Int, String)]) -> JobScheduler {
        var scheduler = JobScheduler([JobLane(name: "lane", width: width)])
        for (number, client) in jobs {
            #expect(scheduler.reserve(lane: "lane", maximumWaiting: 1000))
            scheduler.enqueue(id(number), lane: "lane", client: client)
        }
        return scheduler
    }

    @Test func `starts as many jobs at once as the lane is wide, in order of arrival`() {
        var scheduler = Self.scheduler(width: 2, jobs: [(1, ""), (2, ""), (3, "")])
        #expect(scheduler.next(lane: "lane") == [Self.id(1), Self.id(2)])
        #expect(scheduler.next(lane: "lane") == [])
        scheduler.finished(lane: "lane")
        #expect(scheduler.next(lane: "lane") == [Self.id(3)])
    }

    @Test func `gives clients turns, so that one with many jobs does not hold up one with a single job`() {
        var scheduler = Self.scheduler(width: 1, jobs: [(1, "a"), (2, "a"), (3, "a"), (4, "b")])
        var order: [JobID] = []
        while let next = scheduler.next(lane: "lane").first {
            order.append(next)
            scheduler.finished(lane: "lane")
        }
        #expect(order == [1, 4, 2, 3].map(Self.id))
    }

    @Test func `refuses a place beyond the jobs that may wait, counting those on their way in`() {
        var scheduler = JobScheduler([JobLane(name: "lane", width: 1)])
        #expect(scheduler.reserve(lane: "lane", maximumWaiting: 1))
        #expect(scheduler.reserve(lane: "lane", maximumWaiting: 1))
        #expect(!scheduler.reserve(lane: "lane", maximumWaiting: 1))
        scheduler.unreserve(lane: "lane")
        #expect(scheduler.reserve(lane: "lane", maximumWaiting: 1))
    }

    @Test func `lets a job run at once although none may wait`() {
        var scheduler = JobScheduler([JobLane(name: "lane", width: 1)])
        #expect(scheduler.reserve(lane: "lane", maximumWaiting: 0))
        #expect(!scheduler.reserve(lane: "lane", maximumWaiting: 0))
    }

    @Test func `takes a waiting job out once, and a running one not at all`() {
        var scheduler = Self.scheduler(width: 1, jobs: [(1, ""), (2, "")])
        #expect(scheduler.next(lane: "lane") == [Self.id(1)])
        #expect(!scheduler.remove(Self.id(1), lane: "lane"))
        #expect(scheduler.remove(Self.id(2), lane: "lane"))
        #expect(!scheduler.remove(Self.id(2), lane: "lane"))
        #expect(scheduler.counts("lane") == (waiting: 0, running: 1))
    }

    @Test func `knows no lane that nobody declared`() {
        var scheduler = JobScheduler([])
        #expect(!scheduler.reserve(lane: "lane", maximumWaiting: 10))
    }

    @Test func `keeps lanes apart`() {
        var scheduler = JobScheduler([JobLane(name: "a", width: 1), JobLane(name: "b", width: 1)])
        #expect(scheduler.reserve(lane: "a", maximumWaiting: 0))
        #expect(scheduler.reserve(lane: "b", maximumWaiting: 0))
        scheduler.enqueue(Self.id(1), lane: "a", client: "")
        scheduler.enqueue(Self.id(2), lane: "b", client: "")
        #expect(scheduler.next(lane: "a") == [Self.id(1)])
        #expect(scheduler.next(lane: "b") == [Self.id(2)])
    }
}
