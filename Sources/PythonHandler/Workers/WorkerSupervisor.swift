internal import RoostPythonWire

/// Decides when workers are started, children forked, jobs given to them, interrupted and killed.
///
/// It does no I/O and reads no clock: events come in with the time since some fixed moment, actions go out.
/// One process runs one job. Processes wait for jobs; a job waits for a process only after a burst or a crash.
struct WorkerSupervisor: Sendable {
    /// Names a job.
    typealias Ticket = UInt64
    /// Names a process, also before it has a pid and when its pid is used again.
    typealias Token = UInt64

    private enum WorkerState: Equatable {
        case none
        case starting(deadline: Duration)
        case ready(since: Duration)
        case pausing(until: Duration)
        case dying
        case stopped
    }

    private enum ProcessState: Equatable {
        case forking
        case ready
        case assigned(Ticket)
        case running(Ticket)
        /// Its job is answered, or it never had one; the exit is awaited.
        case ending
    }

    private struct Process {
        var pid: Int32 = 0
        var state = ProcessState.forking
        /// True once its job was told to stop.
        var wasInterrupted = false
        /// When its group is killed.
        var killAt: Duration?
        /// When its group was killed.
        var killedAt: Duration?

        /// Until when the exit of a killed process is awaited. Somebody waits for a stopped job to be gone, so that
        /// is soon; the exit of any other tells what happened, so that is when the worker counts as hung.
        func givenUpAt(_ settings: Settings) -> Duration? {
            guard let killedAt else { return nil }
            if case .running = state, wasInterrupted { return killedAt + settings.exitPatience }
            return killedAt + settings.workerPatience
        }
    }

    private let settings: Settings
    private var worker = WorkerState.none
    private var hasStarted = false
    private var failuresInRow = 0
    private var restarts: [Duration] = []
    private var processes: [Token: Process] = [:]
    private var tokensByPID: [Int32: Token] = [:]
    private var tokensByTicket: [Ticket: Token] = [:]
    /// In the order in which they were forked, so that the longest-waiting one is used first.
    private var readyTokens: [Token] = []
    private var waiting: [Ticket] = []
    private var nextToken: Token = 1
    private var forkFailures = 0
    private var forkRetryAt: Duration?

    /// Nothing is started yet.
    init(settings: Settings) { self.settings = settings }

    /// How many jobs hold a process.
    var busyCount: Int { tokensByTicket.count }

    /// How many jobs wait for a process.
    var waitingCount: Int { waiting.count }

    /// How many processes wait for a job.
    var readyCount: Int { readyTokens.count }

    /// The process of a job, or nil while it waits or when its process is gone.
    func token(of ticket: Ticket) -> Token? { tokensByTicket[ticket] }

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
        case .jobRequested(let ticket): waiting.append(ticket)
        case .jobWithdrawn(let ticket): withdraw(ticket, now, &actions)
        case .jobBegan(let ticket): began(ticket)
        case .jobDone(let ticket): done(ticket, now, &actions)
        case .interrupt(let ticket, let signal): interrupt(ticket, signal, now, &actions)
        case .tick: tick(now, &actions)
        case .stop: worker = .stopped
        }
        assignAndFork(&actions)
        return actions
    }
}

// MARK: - The worker

extension WorkerSupervisor {
    private mutating func spawn(_ now: Duration, _ actions: inout [Action]) {
        guard worker != .stopped else { return }
        worker = .starting(deadline: now + settings.startPatience)
        actions.append(.spawnWorker)
    }

    private mutating func becomeReady(_ version: String, _ now: Duration, _ actions: inout [Action]) {
        guard case .starting = worker else { return }
        worker = .ready(since: now)
        forkFailures = 0
        forkRetryAt = nil
        if !hasStarted {
            hasStarted = true
            actions.append(.started(version: version))
        }
    }

    private mutating func workerFailed(_ reason: String, _ actions: inout [Action]) {
        guard case .starting = worker else { return }
        if !hasStarted {
            worker = .stopped
            actions.append(.startFailed(reason: reason))
        } else {
            actions.append(.note(Note(isError: true, text: "the Python worker cannot start: \(reason)")))
        }
    }

    private mutating func workerGone(_ reason: String, _ now: Duration, _ actions: inout [Action]) {
        let wasStopped = worker == .stopped
        // One that was asked to stop took the groups of its processes along; a killed one could not.
        if !wasStopped {
            for token in processes.keys.sorted() {
                guard let process = processes[token], process.state != .forking else { continue }
                actions.append(.kill(pid: process.pid))
            }
        }
        loseAllProcesses(&actions)
        guard !wasStopped else { return }
        guard hasStarted else {
            worker = .stopped
            actions.append(.startFailed(reason: reason))
            return
        }
        if case .ready(let since) = worker, now - since >= settings.healthyAfter { failuresInRow = 0 }
        failuresInRow += 1
        let pause = settings.pause(after: failuresInRow)
        worker = .pausing(until: now + pause)
        restarts = restarts.filter { now - $0 < .seconds(60) } + [now]
        let isTooOften = restarts.count > settings.restartsPerMinute
        let history = isTooOften ? " (\(restarts.count) times within a minute)" : ""
        let text = "the Python worker is gone\(history): \(reason); starting another in \(pause)"
        actions.append(.note(Note(isError: isTooOften, text: text)))
    }

    /// The kernel kills the children when their worker dies, so SIGKILL is what ended them.
    private mutating func loseAllProcesses(_ actions: inout [Action]) {
        for token in processes.keys.sorted() {
            guard let process = processes[token] else { continue }
            if process.state != .forking { actions.append(.release(token)) }
            if case .running(let ticket) = process.state { actions.append(.end(ticket, .killed)) }
        }
        processes = [:]
        tokensByPID = [:]
        tokensByTicket = [:]
        readyTokens = []
        forkRetryAt = nil
    }
}

// MARK: - Processes

extension WorkerSupervisor {
    private mutating func assignAndFork(_ actions: inout [Action]) {
        guard case .ready = worker else { return }
        var assigned = 0
        for (ticket, token) in zip(waiting, readyTokens) {
            processes[token]?.state = .assigned(ticket)
            tokensByTicket[ticket] = token
            actions.append(.assign(ticket, token))
            assigned += 1
        }
        waiting.removeFirst(assigned)
        readyTokens.removeFirst(assigned)
        guard forkRetryAt == nil else { return }
        let forking = processes.values.count { $0.state == .forking }
        let missing = settings.readyProcesses + waiting.count - readyTokens.count - forking
        for _ in 0..<max(0, missing) {
            processes[nextToken] = Process()
            actions.append(.fork(nextToken))
            nextToken += 1
        }
    }

    private mutating func forked(_ token: Token, _ pid: Int32, _ actions: inout [Action]) {
        guard processes[token]?.state == .forking else {
            // Nobody asked for it: never let it run, never keep its descriptors.
            actions.append(contentsOf: [.release(token), .kill(pid: pid)])
            return
        }
        forkFailures = 0
        processes[token] = Process(pid: pid, state: .ready)
        tokensByPID[pid] = token
        readyTokens.append(token)
    }

    private mutating func forkFailed(
        _ token: Token, _ errno: Int32, _ now: Duration, _ actions: inout [Action]
    ) {
        guard processes[token]?.state == .forking else { return }
        processes[token] = nil
        pauseForks("no Python process can be made (errno \(errno))", now, &actions)
    }

    private mutating func pauseForks(_ reason: String, _ now: Duration, _ actions: inout [Action]) {
        // A worker that is told to stop takes its processes along; that is no reason to warn.
        guard forkRetryAt == nil, worker != .stopped else { return }
        forkFailures += 1
        let pause = settings.pause(after: forkFailures)
        forkRetryAt = now + pause
        actions.append(.note(Note(isError: false, text: "\(reason); trying again in \(pause)")))
    }

    private mutating func exited(
        _ pid: Int32, _ cause: ExitCause, _ now: Duration, _ actions: inout [Action]
    ) {
        guard let token = tokensByPID.removeValue(forKey: pid),
            let process = processes.removeValue(forKey: token)
        else { return }
        switch process.state {
        case .running(let ticket):
            tokensByTicket[ticket] = nil
            actions.append(contentsOf: [.release(token), .end(ticket, cause)])
        case .ready:
            readyTokens.removeAll { $0 == token }
            actions.append(.release(token))
            pauseForks("a Python process ended before it had a job: \(cause)", now, &actions)
        case .assigned(let ticket):
            // The job has not begun; it asks again when it finds its process gone.
            tokensByTicket[ticket] = nil
            actions.append(.release(token))
        case .ending, .forking: break
        }
    }

    private mutating func lost(_ token: Token, _ now: Duration, _ actions: inout [Action]) {
        guard let process = processes[token] else { return }
        switch process.state {
        case .running, .assigned:
            guard process.killAt == nil, process.killedAt == nil else { return }
            processes[token]?.killAt = now + settings.lostPatience
        case .ready:
            readyTokens.removeAll { $0 == token }
            retire(token, now, &actions)
            pauseForks("a Python process closed its socket before it had a job", now, &actions)
        case .ending, .forking: break
        }
    }

    /// Closes our side and kills the group; what is left is to hear of the exit.
    private mutating func retire(_ token: Token, _ now: Duration, _ actions: inout [Action]) {
        guard let process = processes[token] else { return }
        processes[token]?.state = .ending
        processes[token]?.killAt = nil
        processes[token]?.killedAt = now
        actions.append(contentsOf: [.release(token), .kill(pid: process.pid)])
    }
}

// MARK: - Jobs

extension WorkerSupervisor {
    private mutating func withdraw(_ ticket: Ticket, _ now: Duration, _ actions: inout [Action]) {
        waiting.removeAll { $0 == ticket }
        guard let token = tokensByTicket[ticket], processes[token]?.state == .assigned(ticket) else { return }
        tokensByTicket[ticket] = nil
        guard processes[token]?.killAt == nil else {
            retire(token, now, &actions)
            return
        }
        processes[token]?.state = .ready
        readyTokens.insert(token, at: 0)
    }

    private mutating func began(_ ticket: Ticket) {
        guard let token = tokensByTicket[ticket], processes[token]?.state == .assigned(ticket) else { return }
        processes[token]?.state = .running(ticket)
    }

    private mutating func done(_ ticket: Ticket, _ now: Duration, _ actions: inout [Action]) {
        guard let token = tokensByTicket[ticket], let process = processes[token] else { return }
        guard process.wasInterrupted else {
            tokensByTicket[ticket] = nil
            retire(token, now, &actions)
            return
        }
        // Whoever stopped it is answered when nothing of it is left: the job ends with the exit of its process.
        processes[token]?.killAt = nil
        guard process.killedAt == nil else { return }
        processes[token]?.killedAt = now
        actions.append(.kill(pid: process.pid))
    }

    private mutating func interrupt(
        _ ticket: Ticket, _ signal: InterruptSignal, _ now: Duration, _ actions: inout [Action]
    ) {
        if waiting.contains(ticket) {
            waiting.removeAll { $0 == ticket }
            actions.append(.abandon(ticket))
            return
        }
        guard let token = tokensByTicket[ticket], let process = processes[token],
            process.state == .running(ticket), !process.wasInterrupted
        else { return }
        processes[token]?.wasInterrupted = true
        guard process.killedAt == nil else { return }
        processes[token]?.killAt = min(process.killAt ?? now + settings.grace, now + settings.grace)
        actions.append(.signal(pid: process.pid, signal))
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
        if case .running(let ticket) = process.state {
            tokensByTicket[ticket] = nil
            processes[token]?.state = .ending
            actions.append(contentsOf: [.release(token), .end(ticket, .killed)])
            if process.wasInterrupted { return }
        }
        processes[token]?.killedAt = nil
        guard case .ready = worker else { return }
        worker = .dying
        let text = "the Python worker does not answer; it is killed"
        actions.append(contentsOf: [.note(Note(isError: true, text: text)), .killWorker])
    }
}
