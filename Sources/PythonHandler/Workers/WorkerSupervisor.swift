internal import RoostPythonWire

/// Decides when workers are started, children forked, jobs given to them, interrupted and killed.
///
/// It does no I/O and reads no clock: events come in with the time since some fixed moment, actions go out.
/// Processes wait for jobs; a job waits for a process only after a burst or a crash. A process runs one job, or, in
/// `shared` isolation and in a session, stays: after its job it cleans up, says so, and takes the next. Whatever
/// stays and does not clean up in time, or ends, is replaced.
struct WorkerSupervisor: Sendable {
    /// Names a job.
    typealias Ticket = UInt64
    /// Names a process, also before it has a pid and when its pid is used again.
    typealias Token = UInt64
    /// Names a session; one that takes the name of an ended one has another.
    typealias Session = UInt64

    enum WorkerState: Equatable {
        case none
        case starting(deadline: Duration)
        case ready(since: Duration)
        case pausing(until: Duration)
        case dying
        case stopped
    }

    enum ProcessState: Equatable {
        case forking
        case ready
        case assigned(Ticket)
        case running(Ticket)
        /// Its job is done, and it cleans up. A job that was stopped is answered when that is over.
        case resting(Ticket)
        /// Waits for the next job of its session.
        case idle
        /// Its job is answered, or it never had one; the exit is awaited.
        case ending
    }

    struct Process {
        var pid: Int32 = 0
        var state = ProcessState.forking
        /// The session that it belongs to from its first job on.
        var session: Session?
        /// How many jobs it was given.
        var jobs = 0
        /// True once its job was told to stop.
        var wasInterrupted = false
        /// When its group is killed.
        var killAt: Duration?
        /// When its group was killed.
        var killedAt: Duration?

        /// The job somebody waits to see stopped.
        var stoppedTicket: Ticket? {
            guard wasInterrupted else { return nil }
            switch state {
            case .running(let ticket), .resting(let ticket): return ticket
            default: return nil
            }
        }

        /// Until when the exit of a killed process is awaited. Somebody waits for a stopped job to be gone, so that
        /// is soon; the exit of any other tells what happened, so that is when the worker counts as hung.
        func givenUpAt(_ settings: Settings) -> Duration? {
            guard let killedAt else { return nil }
            return killedAt + (stoppedTicket == nil ? settings.workerPatience : settings.exitPatience)
        }
    }

    struct Request {
        var ticket: Ticket
        var session: Session?
    }

    // Not private only because the parts of this type are in several files; nothing else touches them.
    let settings: Settings
    var worker = WorkerState.none
    var hasStarted = false
    var failuresInRow = 0
    var restarts: [Duration] = []
    var processes: [Token: Process] = [:]
    var tokensByPID: [Int32: Token] = [:]
    var tokensByTicket: [Ticket: Token] = [:]
    var tokensBySession: [Session: Token] = [:]
    /// In the order in which they became ready.
    var readyTokens: [Token] = []
    /// Jobs that take any process.
    var waiting: [Request] = []
    /// Jobs whose session has a process that is not done with the one before.
    var waitingInSession: [Request] = []
    var nextToken: Token = 1
    var forkFailures = 0
    var forkRetryAt: Duration?
    var tally = ProcessTally()

    /// Nothing is started yet.
    init(settings: Settings) { self.settings = settings }

    /// How many jobs hold a process.
    var busyCount: Int { tokensByTicket.count }

    /// How many jobs wait for a process.
    var waitingCount: Int { waiting.count + waitingInSession.count }

    /// How many processes wait for a job of any kind.
    var readyCount: Int { readyTokens.count }

    /// The process of a job, or nil while it waits or when its process is gone.
    func token(of ticket: Ticket) -> Token? { tokensByTicket[ticket] }

    /// True when a process was given a job already.
    func hasRun(_ token: Token) -> Bool { (processes[token]?.jobs ?? 0) > 0 }

    /// When ``Event/tick`` is wanted at the latest; nil when nothing is due.
    var nextDeadline: Duration? {
        var deadline = forkRetryAt
        func add(_ time: Duration?) {
            guard let time else { return }
            deadline = deadline.map { min($0, time) } ?? time
        }
        switch worker {
        case .starting(let time), .pausing(let time): add(time)
        case .none, .ready, .dying, .stopped: break
        }
        for process in processes.values {
            add(process.killAt)
            add(process.givenUpAt(settings))
        }
        return deadline
    }

    /// Takes one event.
    ///
    /// - Parameters:
    ///   - event: What happened.
    ///   - now: The monotonic time; never less than the time before.
    /// - Returns: What to do, in this order.
    mutating func handle(_ event: Event, at now: Duration) -> [Action] {
        var actions: [Action] = []
        switch event {
        case .start: spawn(now, &actions)
        case .ready(let version): becomeReady(version, now, &actions)
        case .failed(let reason): workerFailed(reason, &actions)
        case .workerGone(let reason): workerGone(reason, now, &actions)
        case .forked(let token, let pid): forked(token, pid, &actions)
        case .forkFailed(let token, let errno): forkFailed(token, errno, now, &actions)
        case .processExited(let pid, let cause): exited(pid, cause, now, &actions)
        case .processLost(let token): lost(token, now, &actions)
        case .processRested(let token): rested(token, now, &actions)
        case .jobRequested(let ticket, let session): request(ticket, session, &actions)
        case .jobWithdrawn(let ticket): withdraw(ticket, now, &actions)
        case .jobBegan(let ticket): began(ticket)
        case .jobDone(let ticket): done(ticket, now, &actions)
        case .interrupt(let ticket, let signal): interrupt(ticket, signal, now, &actions)
        case .sessionEnded(let session): end(session, now, &actions)
        case .tick: tick(now, &actions)
        case .stop: worker = .stopped
        }
        assignAndFork(&actions)
        return actions
    }
}

// MARK: - Time

extension WorkerSupervisor {
    private mutating func tick(_ now: Duration, _ actions: inout [Action]) {
        switch worker {
        case .starting(let deadline) where deadline <= now:
            worker = hasStarted ? .dying : .stopped
            actions.append(.killWorker)
            if !hasStarted {
                actions.append(.startFailed(reason: "it was not ready within \(settings.startPatience)"))
            }
        case .pausing(let time) where time <= now: spawn(now, &actions)
        default: break
        }
        if let retry = forkRetryAt, retry <= now { forkRetryAt = nil }
        for token in processes.keys.sorted() { tick(token, now, &actions) }
    }

    private mutating func tick(_ token: Token, _ now: Duration, _ actions: inout [Action]) {
        guard let process = processes[token] else { return }
        if let killAt = process.killAt, killAt <= now {
            processes[token]?.killAt = nil
            processes[token]?.killedAt = now
            actions.append(.kill(pid: process.pid))
        }
        guard let givenUpAt = process.givenUpAt(settings), givenUpAt <= now else { return }
        switch process.state {
        case .running(let ticket), .resting(let ticket):
            processes[token]?.state = .ending
            actions.append(.release(token))
            if tokensByTicket.removeValue(forKey: ticket) != nil { actions.append(.end(ticket, .killed)) }
            unbind(token, process, &actions)
            if process.wasInterrupted { return }
        default: break
        }
        processes[token]?.killedAt = nil
        guard case .ready = worker else { return }
        worker = .dying
        let text = "the Python worker does not answer; it is killed"
        actions.append(contentsOf: [.note(Note(isError: true, text: text)), .killWorker])
    }
}
