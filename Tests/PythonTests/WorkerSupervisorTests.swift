import RoostPythonWire
import Testing

@testable import RoostPython

@Suite struct `The worker supervisor` {
    typealias Action = WorkerSupervisor.Action

    /// A supervisor with a clock in hand and the worker's part played by the test.
    struct Stage {
        var supervisor: WorkerSupervisor
        var now = Duration.zero
        var lastPID: Int32 = 99

        init(keepsProcesses: Bool = false) {
            supervisor = WorkerSupervisor(settings: .init(workers: 1, keepsProcesses: keepsProcesses))
        }

        mutating func take(_ event: WorkerSupervisor.Event) -> [Action] { supervisor.handle(event, at: now) }

        /// Answers every fork among the actions with a process, and so on.
        mutating func fork(_ actions: [Action]) -> [Action] {
            var others: [Action] = []
            var open = actions
            while !open.isEmpty {
                let action = open.removeFirst()
                guard case .fork(let token) = action else {
                    others.append(action)
                    continue
                }
                lastPID += 1
                open += take(.forked(token: token, pid: lastPID))
            }
            return others
        }

        mutating func pass(_ duration: Duration) -> [Action] {
            now += duration
            return take(.tick)
        }

        /// A worker with two ready processes, 100 and 101.
        static func ready(keepsProcesses: Bool = false) -> Stage {
            var stage = Stage(keepsProcesses: keepsProcesses)
            _ = stage.take(.start)
            let actions = stage.take(.ready(version: "3.11.2"))
            _ = stage.fork(actions)
            return stage
        }

        /// As ``ready()``, with job 7 running in process 100, and a replacement 102 ready.
        static func running() -> Stage {
            var stage = ready()
            let actions = stage.take(.jobRequested(7))
            _ = stage.fork(actions)
            _ = stage.take(.jobBegan(7))
            return stage
        }
    }

    // MARK: Start

    @Test func `spawns, waits for ready, and forks ahead of need`() {
        var stage = Stage()
        #expect(stage.take(.start) == [.spawnWorker])
        #expect(stage.take(.ready(version: "3.11.2")) == [.started(version: "3.11.2"), .fork(1), .fork(2)])
        #expect(stage.take(.forked(token: 1, pid: 100)) == [])
        #expect(stage.take(.forked(token: 2, pid: 101)) == [])
        #expect(stage.supervisor.readyCount == 2)
        #expect(stage.supervisor.nextDeadline == nil)
    }

    @Test func `a first start that fails is final`() {
        let ways: [[WorkerSupervisor.Event]] = [
            [.workerGone(reason: "no such file")], [.failed(reason: "no such file"), .workerGone(reason: "it exited")],
        ]
        for events in ways {
            var stage = Stage()
            _ = stage.take(.start)
            #expect(events.flatMap { stage.take($0) } == [.startFailed(reason: "no such file")])
            #expect(stage.pass(.seconds(100)) == [])
        }
    }

    @Test func `a first start that takes too long is given up`() {
        var stage = Stage()
        _ = stage.take(.start)
        #expect(stage.supervisor.nextDeadline == .seconds(30))
        #expect(stage.pass(.seconds(29)) == [])
        let actions = stage.pass(.seconds(1))
        #expect(actions.first == .killWorker)
        #expect(actions.last == .startFailed(reason: "it was not ready within 30.0 seconds"))
    }

    // MARK: Jobs

    @Test func `gives a job the process that has waited longest, and forks another`() {
        var stage = Stage.ready()
        #expect(stage.take(.jobRequested(7)) == [.assign(7, 1), .fork(3)])
        #expect(stage.supervisor.token(of: 7) == 1)
        #expect(stage.supervisor.busyCount == 1)
    }

    @Test func `jobs beyond the ready processes wait in order`() {
        var stage = Stage.ready()
        let actions = [7, 8, 9].flatMap { stage.take(.jobRequested($0)) }
        #expect(actions == [.assign(7, 1), .fork(3), .assign(8, 2), .fork(4), .fork(5)])
        #expect(stage.supervisor.waitingCount == 1)
        #expect(stage.take(.forked(token: 3, pid: 102)) == [.assign(9, 3)])
        #expect(stage.supervisor.waitingCount == 0)
    }

    @Test func `a finished job's process is let go of, and leaves by itself`() {
        var stage = Stage.running()
        #expect(stage.take(.jobDone(7)) == [.release(1)])
        #expect(stage.supervisor.busyCount == 0)
        #expect(stage.take(.processExited(pid: 100, cause: .exited(0))) == [])
        #expect(stage.supervisor.nextDeadline == nil)
    }

    @Test func `a process that does not leave after its job is killed`() {
        var stage = Stage.running()
        _ = stage.take(.jobDone(7))
        #expect(stage.supervisor.nextDeadline == stage.now + .milliseconds(250))
        #expect(stage.pass(.milliseconds(249)) == [])
        #expect(stage.pass(.milliseconds(1)) == [.kill(pid: 100)])
        #expect(stage.take(.processExited(pid: 100, cause: .killed)) == [])
        #expect(stage.supervisor.nextDeadline == nil)
    }

    @Test func `a job that withdraws before it began gives its process back unused`() {
        var stage = Stage.ready()
        _ = stage.take(.jobRequested(7))
        #expect(stage.take(.jobWithdrawn(7)) == [])
        #expect(stage.take(.jobRequested(8)) == [.assign(8, 1)])
    }

    @Test func `a process that dies before its job began does not fail the job`() {
        var stage = Stage.ready()
        _ = stage.take(.jobRequested(7))
        #expect(stage.take(.processExited(pid: 100, cause: .killed)) == [.release(1)])
        #expect(stage.supervisor.token(of: 7) == nil)
        #expect(stage.take(.jobRequested(7)) == [.assign(7, 2), .fork(4)])
    }

    @Test(arguments: [ExitCause.exited(0), .exited(3), .signalled(11)])
    func `an unexpected exit ends the job with its cause`(_ cause: ExitCause) {
        var stage = Stage.running()
        #expect(stage.take(.processExited(pid: 100, cause: cause)) == [.release(1), .end(7, cause)])
    }

    @Test func `a lost socket is given a moment to become an exit, then the group is killed`() {
        var stage = Stage.running()
        #expect(stage.take(.processLost(token: 1)) == [])
        #expect(stage.supervisor.nextDeadline == .seconds(1))
        #expect(stage.pass(.seconds(1)) == [.kill(pid: 100)])
        #expect(stage.take(.processExited(pid: 100, cause: .killed)) == [.release(1), .end(7, .killed)])
    }

    // MARK: Stopping a job

    @Test(arguments: InterruptSignal.allCases)
    func `stops in two phases`(_ signal: InterruptSignal) {
        var stage = Stage.running()
        #expect(stage.take(.interrupt(7, signal)) == [.signal(pid: 100, signal)])
        #expect(stage.take(.interrupt(7, .cancel)) == [], "the first reason counts")
        #expect(stage.pass(.milliseconds(499)) == [])
        #expect(stage.pass(.milliseconds(1)) == [.kill(pid: 100)])
        #expect(stage.take(.processExited(pid: 100, cause: .killed)) == [.release(1), .end(7, .killed)])
    }

    @Test func `code that gives in to its interrupt ends when nothing of its process is left`() {
        var stage = Stage.running()
        _ = stage.take(.interrupt(7, .timeout))
        #expect(stage.take(.jobDone(7)) == [.kill(pid: 100)])
        #expect(stage.pass(.milliseconds(500)) == [])
        #expect(stage.take(.processExited(pid: 100, cause: .killed)) == [.release(1), .end(7, .killed)])
        #expect(stage.pass(.seconds(5)) == [])
    }

    @Test func `a job is answered even when its exit is never reported, and the worker then replaced`() {
        var stage = Stage.running()
        _ = stage.take(.interrupt(7, .cancel))
        _ = stage.pass(.milliseconds(500))
        #expect(stage.pass(.seconds(1)) == [.release(1), .end(7, .killed)])
        let actions = stage.pass(.seconds(9))
        #expect(actions.last == .killWorker)
        #expect(stage.take(.workerGone(reason: "SIGKILL")).last.map { if case .note = $0 { true } else { false } } == true)
    }

    @Test func `the cause of an exit is waited for as long as nobody waits for the job to be gone`() {
        var stage = Stage.running()
        _ = stage.take(.processLost(token: 1))
        _ = stage.pass(.seconds(1))
        #expect(stage.pass(.seconds(9)) == [])
        #expect(stage.take(.interrupt(7, .timeout)) == [], "it was killed already")
        #expect(stage.pass(.zero) == [.release(1), .end(7, .killed)])
    }

    @Test func `a worker that does not report the exit of a lost process is replaced`() {
        var stage = Stage.running()
        _ = stage.take(.processLost(token: 1))
        _ = stage.pass(.seconds(1))
        let actions = stage.pass(.seconds(10))
        #expect(actions.prefix(2) == [.release(1), .end(7, .killed)])
        #expect(actions.last == .killWorker)
    }

    @Test func `a job that waits is stopped at once`() {
        var stage = Stage.ready()
        for ticket: UInt64 in 7...9 { _ = stage.take(.jobRequested(ticket)) }
        #expect(stage.take(.interrupt(9, .cancel)) == [.abandon(9)])
        #expect(stage.supervisor.waitingCount == 0)
    }

    // MARK: Trouble

    @Test func `the worker's death fails running jobs, keeps waiting ones, and starts another`() {
        var stage = Stage.running()
        _ = stage.take(.jobRequested(8))
        _ = stage.take(.jobRequested(9))
        _ = stage.take(.jobRequested(10))
        #expect(stage.supervisor.waitingCount == 1)
        let actions = stage.take(.workerGone(reason: "SIGSEGV"))
        #expect(actions.contains(.end(7, .killed)))
        #expect(!actions.contains(.end(8, .killed)), "it has not begun, and asks again")
        #expect(stage.supervisor.nextDeadline == .milliseconds(100))
        #expect(stage.pass(.milliseconds(100)) == [.spawnWorker])
        let more = stage.take(.ready(version: "3.11.2"))
        #expect(stage.fork(more).contains { if case .assign(10, _) = $0 { true } else { false } })
    }

    @Test func `pauses between restarts grow, and are noted as an error when too many`() {
        var stage = Stage.ready()
        var pauses: [Duration] = []
        var errors = 0
        for _ in 0..<9 {
            for action in stage.take(.workerGone(reason: "again")) {
                if case .note(let note) = action, note.isError { errors += 1 }
            }
            let deadline = stage.supervisor.nextDeadline ?? .zero
            pauses.append(deadline - stage.now)
            #expect(stage.pass(deadline - stage.now) == [.spawnWorker])
            _ = stage.take(.ready(version: "3"))
        }
        #expect(pauses.map { $0 / .milliseconds(100) } == [1, 2, 4, 8, 16, 32, 64, 100, 100])
        #expect(errors == 4)
    }

    @Test func `a worker that was healthy for long starts again without a history`() {
        var stage = Stage.ready()
        for _ in 0..<2 {
            _ = stage.pass(.seconds(30))
            _ = stage.take(.workerGone(reason: "again"))
            #expect(stage.supervisor.nextDeadline == stage.now + .milliseconds(100))
            _ = stage.pass(.milliseconds(100))
            _ = stage.take(.ready(version: "3"))
        }
    }

    @Test func `failed forks are tried again, later each time`() {
        var stage = Stage()
        _ = stage.take(.start)
        _ = stage.take(.ready(version: "3"))
        for (token, pause) in [(UInt64(1), 100), (3, 200), (5, 400)] {
            #expect(stage.take(.forkFailed(token: token, errno: 11)).count == 1)
            #expect(stage.take(.forkFailed(token: token + 1, errno: 11)) == [])
            #expect(stage.pass(.milliseconds(pause - 1)) == [])
            #expect(stage.pass(.milliseconds(1)) == [.fork(token + 2), .fork(token + 3)])
        }
    }

    @Test func `processes that die idle do not make it fork without a pause`() {
        var stage = Stage.ready()
        let actions = stage.take(.processExited(pid: 100, cause: .killed))
        #expect(actions.first == .release(1))
        #expect(!actions.contains { if case .fork = $0 { true } else { false } })
        #expect(stage.pass(.milliseconds(100)) == [.fork(3)])
    }

    @Test func `what nobody asked for changes nothing`() {
        var stage = Stage.running()
        #expect(stage.take(.forked(token: 999, pid: 5)) == [.release(999), .kill(pid: 5)])
        let strange: [WorkerSupervisor.Event] = [
            .processExited(pid: 4242, cause: .exited(0)), .forkFailed(token: 999, errno: 1), .jobDone(999),
            .jobBegan(999), .jobWithdrawn(999), .processLost(token: 999), .interrupt(999, .cancel), .failed(reason: ""),
            .ready(version: "2"), .tick,
        ]
        for event in strange { #expect(stage.take(event) == []) }
    }

    @Test func `after stop nothing is started again`() {
        var stage = Stage.running()
        #expect(stage.take(.stop) == [])
        #expect(stage.take(.workerGone(reason: "asked to")).contains(.end(7, .killed)))
        #expect(stage.pass(.seconds(100)) == [])
    }
}
