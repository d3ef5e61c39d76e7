/// The processes there have been, and how they ended; plain numbers, since they are copied with every event.
package struct ProcessTally: Sendable, Equatable {
    /// Times that `roost-python` was started.
    package var workers = 0
    /// Children that were forked.
    package var started = 0
    /// Ended by us when they had done what they were there for.
    package var retired = 0
    /// Ended with a job that was told to stop.
    package var stopped = 0
    /// Left by themselves.
    package var exited = 0
    /// Ended by a signal that is none of ours.
    package var signalled = 0
    /// Ended for want of memory.
    package var outOfMemory = 0
    /// Gone with `roost-python`.
    package var lost = 0

    mutating func ended(_ process: WorkerSupervisor.Process, _ cause: ExitCause) {
        switch cause {
        case .memoryLimit: outOfMemory += 1
        case _ where process.wasInterrupted: stopped += 1
        case _ where process.state == .ending: retired += 1
        case .exited: exited += 1
        case .signalled: signalled += 1
        }
    }

    /// What the metrics call the ways to end.
    var causes: [(name: String, count: Int)] {
        [
            ("retired", retired), ("stopped", stopped), ("exited", exited), ("signal", signalled),
            ("memory", outOfMemory), ("worker_lost", lost),
        ]
    }
}
