import RoostCore
import Testing

@testable import RoostPython

@Suite struct `The session table` {
    /// The table behind a reference, since `#expect` cannot call a mutating method.
    private final class Sessions {
        var table: SessionTable
        var now = Duration.zero
        private var jobs: UInt64 = 0

        init(maximum: Int = 2) { table = SessionTable(maximum: maximum, idle: .seconds(10)) }

        var time: Timestamp { Timestamp(milliseconds: now.components.seconds * 1000) }
        var names: [String] { table.all.map(\.name) }

        func job() -> JobID {
            jobs += 1
            return JobID(high: 0, low: jobs)
        }

        func admit(_ name: String, _ id: JobID? = nil) -> UInt64? {
            table.admit(id ?? job(), to: name, at: time, now: now)
        }

        /// One job from beginning to end.
        ///
        /// - Returns: Its session, and whether the job was told that the session is another.
        @discardableResult
        func run(_ name: String) throws -> (key: UInt64, isReset: Bool) {
            let id = job()
            let key = try #require(admit(name, id))
            let isReset = table.begin(id, in: key)
            _ = table.leave(id, key, at: time, now: now)
            return (key, isReset)
        }

        func leave(_ id: JobID, _ key: UInt64) -> Bool { table.leave(id, key, at: time, now: now) }
        func end(_ name: String) -> SessionTable.Session? { table.end(name) }
        func expire() -> [UInt64] { table.expire(now: now) }
        func nextExpiry() -> Duration? { table.nextExpiry() }
    }

    @Test func `makes a session with its first job and keeps it`() throws {
        let sessions = Sessions()
        let first = try sessions.run("a")
        sessions.now += .seconds(3)
        let second = try sessions.run("a")
        #expect(first == second)
        let session = try #require(sessions.table.all.first)
        #expect(session.jobs == 2)
        #expect(session.createdAt == Timestamp(milliseconds: 0))
        #expect(session.lastUsedAt == Timestamp(milliseconds: 3000))
        #expect(session.running == nil && session.pending.isEmpty)
    }

    @Test func `refuses one too many, but not another job of those there are`() throws {
        let sessions = Sessions()
        try sessions.run("a")
        try sessions.run("b")
        #expect(sessions.admit("c") == nil)
        #expect(sessions.admit("a") != nil)
        #expect(sessions.names == ["a", "b"])
        #expect(Sessions(maximum: 0).admit("a") == nil)
    }

    @Test func `one without a process and a job gives its place up, and its next job is told`() throws {
        let sessions = Sessions()
        let key = try sessions.run("a").key
        try sessions.run("b")
        sessions.table.lost(key)
        try sessions.run("c")
        #expect(sessions.names == ["b", "c"])
        #expect(sessions.end("b") != nil)
        #expect(try sessions.run("a").isReset)
        #expect(try sessions.run("a").isReset == false)
    }

    @Test func `tells one job that the process is another`() throws {
        let sessions = Sessions()
        let key = try sessions.run("a").key
        sessions.table.lost(key)
        #expect(try sessions.run("a") == (key, true))
        #expect(try sessions.run("a") == (key, false))
    }

    @Test func `ends those that had no job for too long, and tells the next of the name`() throws {
        let sessions = Sessions()
        let key = try sessions.run("a").key
        sessions.now += .seconds(5)
        let waiting = sessions.job()
        let busy = try #require(sessions.admit("b", waiting))
        #expect(sessions.nextExpiry() == .seconds(10))
        sessions.now += .seconds(4)
        #expect(sessions.expire() == [])
        sessions.now += .seconds(1)
        #expect(sessions.expire() == [key])
        #expect(!sessions.table.isOpen(key))
        #expect(sessions.nextExpiry() == nil, "the other has a job")
        sessions.now += .seconds(100)
        #expect(sessions.expire() == [])
        #expect(sessions.leave(waiting, busy), "now it counts")
        #expect(sessions.nextExpiry() == .seconds(120))
        #expect(!sessions.leave(waiting, busy))
        let again = try sessions.run("a")
        #expect(again.isReset && again.key != key)
    }

    @Test func `an ended session is unknown, and its name is free for another`() throws {
        let sessions = Sessions()
        let (first, second) = (sessions.job(), sessions.job())
        let key = try #require(sessions.admit("a", first))
        _ = sessions.admit("a", second)
        #expect(sessions.end("a")?.pending == [first, second])
        #expect(sessions.end("a") == nil)
        #expect(!sessions.table.isOpen(key))
        let next = try sessions.run("a")
        #expect(next.key != key && !next.isReset)
        #expect(!sessions.leave(first, key))
    }

    @Test func `a job that is refused takes a session with it that was made for it alone`() throws {
        let sessions = Sessions()
        let job = sessions.job()
        sessions.table.refuse(job, try #require(sessions.admit("a", job)))
        #expect(sessions.names == [])
        try sessions.run("b")
        sessions.table.refuse(job, try #require(sessions.admit("b", job)))
        #expect(sessions.names == ["b"])
    }
}
