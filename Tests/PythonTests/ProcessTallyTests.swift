import RoostPythonWire
import Testing

@testable import RoostPython

@Suite struct `The tally of processes` {
    private typealias Stage = `The worker supervisor`.Stage

    @Test func `tells how each ended`() {
        var stage = Stage.running()
        _ = stage.take(.jobDone(7))
        _ = stage.take(.processExited(pid: 100, cause: .killed))
        #expect(stage.supervisor.tally.retired == 1)

        for (ticket, pid, cause) in [
            (8, 101, ExitCause.exited(3)), (9, 102, .signalled(11)), (10, 103, .memoryLimit), (11, 104, .killed),
        ] as [(UInt64, Int32, ExitCause)] {
            _ = stage.fork(stage.take(.jobRequested(ticket)))
            _ = stage.take(.jobBegan(ticket))
            if ticket == 11 { _ = stage.take(.interrupt(ticket, .cancel)) }
            _ = stage.fork(stage.take(.processExited(pid: pid, cause: cause)))
        }
        let tally = stage.supervisor.tally
        #expect(tally.exited == 1)
        #expect(tally.signalled == 1)
        #expect(tally.outOfMemory == 1)
        #expect(tally.stopped == 1)
        #expect(tally.lost == 0)
        #expect(tally.workers == 1)
        #expect(tally.started == Int(stage.lastPID - 99))
    }

    @Test func `counts those that went with the worker, once`() {
        var stage = Stage.running()
        let there = stage.supervisor.tally.started
        _ = stage.take(.workerGone(reason: "for a test"))
        #expect(stage.supervisor.tally.lost == there)
        _ = stage.pass(.seconds(1))
        #expect(stage.supervisor.tally.workers == 2)
        #expect(stage.supervisor.tally.causes.reduce(0) { $0 + $1.count } == there)
    }
}
