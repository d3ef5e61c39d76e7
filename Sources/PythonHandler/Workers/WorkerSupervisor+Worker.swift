/// The worker: started, restarted with growing pauses, and lost with all its processes.
extension WorkerSupervisor {
    mutating func spawn(_ now: Duration, _ actions: inout [Action]) {
        guard worker != .stopped else { return }
        worker = .starting(deadline: now + settings.startPatience)
        tally.workers += 1
        actions.append(.spawnWorker)
    }

    mutating func becomeReady(_ version: String, _ now: Duration, _ actions: inout [Action]) {
        guard case .starting = worker else { return }
        worker = .ready(since: now)
        forkFailures = 0
        forkRetryAt = nil
        if !hasStarted {
            hasStarted = true
            actions.append(.started(version: version))
        }
    }

    mutating func workerFailed(_ reason: String, _ actions: inout [Action]) {
        guard case .starting = worker else { return }
        if !hasStarted {
            worker = .stopped
            actions.append(.startFailed(reason: reason))
        } else {
            actions.append(.note(Note(isError: true, text: "the Python worker cannot start: \(reason)")))
        }
    }

    mutating func workerGone(_ reason: String, _ now: Duration, _ actions: inout [Action]) {
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
            if process.state != .forking {
                tally.lost += 1
                actions.append(.release(token))
            }
            switch process.state {
            case .running(let ticket), .resting(let ticket):
                if tokensByTicket[ticket] != nil { actions.append(.end(ticket, .killed)) }
            default: break
            }
            unbind(token, process, &actions)
        }
        processes = [:]
        tokensByPID = [:]
        tokensByTicket = [:]
        readyTokens = []
        forkRetryAt = nil
    }
}
