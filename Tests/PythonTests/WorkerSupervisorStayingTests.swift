import RoostPythonWire
import Testing

@testable import RoostPython

/// What stays after its job: interpreters of `shared` isolation, and sessions.
@Suite struct `The worker supervisor, of processes that stay,` {
    typealias Stage = `The worker supervisor`.Stage

    /// Job 7 runs in process 100 of a session, 102 and 101 are ready.
    private func session() -> Stage {
        var stage = Stage.ready()
        let actions = stage.take(.jobRequested(7, session: 1))
        _ = stage.fork(actions)
        _ = stage.take(.jobBegan(7))
        return stage
    }

    // MARK: Shared

    @Test func `uses one again once it has rested, the last one first`() {
        var stage = Stage.ready(keepsProcesses: true)
        #expect(stage.take(.jobRequested(7)) == [.assign(7, 2)], "and nothing is forked")
        _ = stage.take(.jobBegan(7))
        #expect(stage.take(.jobDone(7)) == [])
        #expect(stage.supervisor.busyCount == 0, "it is answered")
        #expect(stage.supervisor.readyCount == 1, "it cleans up")
        #expect(stage.take(.processRested(token: 2)) == [])
        #expect(stage.supervisor.readyCount == 2)
        #expect(stage.supervisor.nextDeadline == nil)
        #expect(stage.take(.jobRequested(8)) == [.assign(8, 2)])
    }

    @Test func `makes one for a session that finds only used ones, however many these are`() {
        var stage = Stage.ready(keepsProcesses: true)
        func run(_ jobs: [(ticket: UInt64, token: UInt64)]) {
            for job in jobs { _ = stage.take(.jobRequested(job.ticket)) }
            for job in jobs {
                #expect(stage.supervisor.token(of: job.ticket) == job.token)
                _ = stage.take(.jobBegan(job.ticket))
                _ = stage.take(.jobDone(job.ticket))
                _ = stage.take(.processRested(token: job.token))
            }
        }
        run([(7, 2), (8, 1)])
        let first = stage.take(.jobRequested(9, session: 1))
        #expect(first == [.fork(3)])
        // Its job is stopped before it has a process, which is then one more than is wanted, and used as the others.
        #expect(stage.take(.interrupt(9, .cancel)) == [.abandon(9)])
        _ = stage.fork(first)
        run([(10, 1), (11, 2), (12, 3)])
        #expect(stage.supervisor.readyCount == 3)

        let second = stage.take(.jobRequested(13, session: 2))
        #expect(second == [.fork(4)])
        #expect(stage.take(.tick) == [], "one is enough")
        #expect(stage.fork(second) == [.assign(13, 4)])
    }

    @Test func `leaves one that nobody used to the session that waits for it`() {
        var stage = Stage.ready(keepsProcesses: true)
        #expect(stage.take(.jobRequested(7)) == [.assign(7, 2)])
        _ = stage.take(.jobBegan(7))
        _ = stage.take(.jobDone(7))
        _ = stage.take(.processRested(token: 2))
        #expect(stage.take(.jobRequested(8)) == [.assign(8, 2)], "not 1")
        #expect(stage.take(.jobRequested(9, session: 1)).first == .assign(9, 1))
    }

    @Test func `replaces one that ends instead of resting`() {
        var stage = Stage.ready(keepsProcesses: true)
        _ = stage.take(.jobRequested(7))
        _ = stage.take(.jobBegan(7))
        _ = stage.take(.jobDone(7))
        #expect(stage.take(.processLost(token: 2)) == [])
        #expect(stage.take(.processExited(pid: 101, cause: .exited(0))) == [.release(2), .fork(3)])
        #expect(stage.supervisor.nextDeadline == nil, "and says nothing about it")
    }

    @Test func `kills one that does not rest in time`() {
        var stage = Stage.ready(keepsProcesses: true)
        _ = stage.take(.jobRequested(7))
        _ = stage.take(.jobBegan(7))
        _ = stage.take(.jobDone(7))
        #expect(stage.supervisor.nextDeadline == .seconds(5))
        #expect(stage.pass(.seconds(5)) == [.kill(pid: 101), .fork(3)])
        #expect(stage.take(.processRested(token: 2)) == [], "too late")
        #expect(stage.take(.processExited(pid: 101, cause: .killed)) == [.release(2)])
    }

    @Test func `retires one after so many jobs`() {
        var stage = Stage.ready(keepsProcesses: true)
        let jobs = stage.supervisor.settings.jobsPerProcess
        for ticket in 1...UInt64(jobs) {
            #expect(stage.take(.jobRequested(ticket)) == [.assign(ticket, 2)])
            _ = stage.take(.jobBegan(ticket))
            _ = stage.take(.jobDone(ticket))
            let actions = stage.take(.processRested(token: 2))
            #expect(actions == (ticket < UInt64(jobs) ? [] : [.release(2), .kill(pid: 101), .fork(3)]))
        }
    }

    @Test func `a job that gives in is answered when its process has rested, and the process stays`() {
        var stage = Stage.ready(keepsProcesses: true)
        _ = stage.take(.jobRequested(7))
        _ = stage.take(.jobBegan(7))
        #expect(stage.take(.interrupt(7, .timeout)) == [.signal(pid: 101, .timeout)])
        stage.now += .milliseconds(400)
        #expect(stage.take(.jobDone(7)) == [])
        #expect(stage.supervisor.nextDeadline == .milliseconds(900))
        #expect(stage.take(.processRested(token: 2)) == [.settle(7)])
        #expect(stage.supervisor.readyCount == 2)
        #expect(stage.supervisor.nextDeadline == nil)
    }

    @Test func `a job that does not give in ends with its process`() {
        var stage = Stage.ready(keepsProcesses: true)
        _ = stage.take(.jobRequested(7))
        _ = stage.take(.jobBegan(7))
        _ = stage.take(.interrupt(7, .cancel))
        #expect(stage.pass(.milliseconds(500)) == [.kill(pid: 101), .fork(3)])
        #expect(stage.take(.processExited(pid: 101, cause: .killed)) == [.release(2), .end(7, .killed)])
    }

    @Test func `one that gives in and then does not rest is killed soon`() {
        var stage = Stage.ready(keepsProcesses: true)
        _ = stage.take(.jobRequested(7))
        _ = stage.take(.jobBegan(7))
        _ = stage.take(.interrupt(7, .cancel))
        _ = stage.take(.jobDone(7))
        #expect(stage.pass(.milliseconds(500)) == [.kill(pid: 101), .fork(3)])
        #expect(stage.pass(.seconds(1)) == [.release(2), .end(7, .killed)], "its exit is awaited, but not for ever")
    }

    // MARK: Sessions

    @Test func `a session keeps its process, and others are forked in its place`() {
        var stage = Stage.ready()
        #expect(stage.take(.jobRequested(7, session: 1)) == [.assign(7, 1), .fork(3)])
        _ = stage.take(.forked(token: 3, pid: 102))
        _ = stage.take(.jobBegan(7))
        #expect(stage.take(.jobDone(7)) == [])
        #expect(stage.take(.processRested(token: 1)) == [])
        #expect(stage.supervisor.readyCount == 2, "it is nobody else's")
        #expect(stage.take(.jobRequested(8, session: 2)) == [.assign(8, 2), .fork(4)])
        #expect(stage.take(.jobRequested(9, session: 1)) == [.assign(9, 1)])
    }

    @Test func `a session begins in a process that nobody used, and holds up no other job meanwhile`() {
        var stage = Stage.ready(keepsProcesses: true)
        for (ticket, token) in [(UInt64(7), UInt64(2)), (8, 1)] {
            #expect(stage.take(.jobRequested(ticket)) == [.assign(ticket, token)])
            _ = stage.take(.jobBegan(ticket))
        }
        for (ticket, token) in [(UInt64(7), UInt64(2)), (8, 1)] {
            _ = stage.take(.jobDone(ticket))
            _ = stage.take(.processRested(token: token))
        }
        #expect(stage.take(.jobRequested(9, session: 1)) == [.fork(3)])
        #expect(stage.take(.jobRequested(10)) == [.assign(10, 1)])
        #expect(stage.take(.forked(token: 3, pid: 102)) == [.assign(9, 3)])
    }

    @Test func `a job that comes while its session's process rests waits for it`() {
        var stage = session()
        _ = stage.take(.jobDone(7))
        #expect(stage.take(.jobRequested(8, session: 1)) == [])
        #expect(stage.supervisor.waitingCount == 1)
        #expect(stage.take(.processRested(token: 1)) == [.assign(8, 1)])
    }

    @Test func `and is given another when it never rests`() {
        var stage = session()
        _ = stage.take(.jobDone(7))
        _ = stage.take(.jobRequested(8, session: 1))
        let actions = stage.take(.processExited(pid: 100, cause: .exited(0)))
        #expect(actions == [.release(1), .sessionLost(1), .assign(8, 2), .fork(4)])
    }

    @Test func `one that waits for its session's process can be stopped`() {
        var stage = session()
        _ = stage.take(.jobDone(7))
        _ = stage.take(.jobRequested(8, session: 1))
        #expect(stage.take(.interrupt(8, .cancel)) == [.abandon(8)])
        #expect(stage.take(.processRested(token: 1)) == [])
    }

    @Test func `says that a session is lost when its process dies, at work or at rest`() {
        var stage = session()
        let died = ExitCause.signalled(11)
        #expect(
            stage.take(.processExited(pid: 100, cause: died)) == [.release(1), .end(7, died), .sessionLost(1)])

        stage = session()
        _ = stage.take(.jobDone(7))
        _ = stage.take(.processRested(token: 1))
        #expect(stage.take(.processExited(pid: 100, cause: died)) == [.release(1), .sessionLost(1)])
        #expect(stage.supervisor.nextDeadline == nil)
    }

    @Test func `says that every session is lost with the worker, and goes on with what waited`() {
        var stage = session()
        _ = stage.take(.jobRequested(8, session: 2))
        _ = stage.take(.jobDone(7))
        _ = stage.take(.jobRequested(9, session: 1))
        let actions = stage.take(.workerGone(reason: "it was ended by SIGKILL"))
        #expect(actions.contains(.sessionLost(1)))
        #expect(!actions.contains(.sessionLost(2)), "nothing was in it yet")
        _ = stage.pass(.milliseconds(100))
        let others = stage.fork(stage.take(.ready(version: "3.11.2")))
        #expect(others.contains { if case .assign(9, _) = $0 { true } else { false } })
    }

    @Test func `a job that withdraws leaves its session's process to the next`() {
        var stage = Stage.ready()
        _ = stage.take(.jobRequested(7, session: 1))
        #expect(stage.take(.jobWithdrawn(7)) == [])
        #expect(stage.take(.jobRequested(8, session: 1)) == [.assign(8, 1)])
        #expect(!stage.supervisor.hasRun(1))
    }

    @Test func `an ended session's process is killed, at once or after its job`() {
        var stage = session()
        _ = stage.take(.jobDone(7))
        _ = stage.take(.processRested(token: 1))
        #expect(stage.take(.sessionEnded(1)) == [.release(1), .kill(pid: 100)])

        stage = session()
        #expect(stage.take(.sessionEnded(1)) == [])
        #expect(stage.take(.jobRequested(8, session: 2)) == [.assign(8, 2), .fork(4)])
        _ = stage.take(.jobDone(7))
        #expect(stage.take(.processRested(token: 1)) == [.release(1), .kill(pid: 100)])
    }
}
