/// Processes: made ahead of need, given to jobs, let go of.
extension WorkerSupervisor {
    func stays(_ process: Process) -> Bool { process.session != nil || settings.keepsProcesses }

    mutating func assignAndFork(_ actions: inout [Action]) {
        guard case .ready = worker else { return }
        var unserved: [Request] = []
        for request in waiting {
            guard let token = takeReady(for: request) else {
                unserved.append(request)
                continue
            }
            if let session = request.session {
                processes[token]?.session = session
                tokensBySession[session] = token
            }
            assign(request.ticket, token, &actions)
        }
        waiting = unserved
        guard forkRetryAt == nil else { return }
        for _ in 0..<max(0, missingProcesses) {
            processes[nextToken] = Process()
            actions.append(.fork(nextToken))
            nextToken += 1
        }
    }

    /// The process for a job that can have any. A session begins in one that nobody used, which is left to it; of those
    /// that stay, the one used last has most of its memory at hand.
    private mutating func takeReady(for request: Request) -> Token? {
        let index: Int?
        if request.session != nil {
            index = readyTokens.firstIndex { !hasRun($0) }
        } else {
            let used = settings.keepsProcesses ? readyTokens.lastIndex { hasRun($0) } : nil
            index = used ?? (settings.keepsProcesses ? readyTokens.indices.last : readyTokens.indices.first)
        }
        return index.map { readyTokens.remove(at: $0) }
    }

    private var missingProcesses: Int {
        let forking = processes.values.count { $0.state == .forking }
        let missing = settings.readyProcesses + waiting.count - readyTokens.count - forking
        guard settings.keepsProcesses else { return missing }
        let inUse = processes.values.count { process in
            guard process.session == nil, process.killedAt == nil else { return false }
            return switch process.state {
            case .assigned, .running, .resting: true
            case .forking, .ready, .idle, .ending: false
            }
        }
        // However many wait that were used: a session that waits has found no other.
        return max(missing - inUse, waiting.count { $0.session != nil } - forking)
    }

    mutating func assign(_ ticket: Ticket, _ token: Token, _ actions: inout [Action]) {
        processes[token]?.state = .assigned(ticket)
        tokensByTicket[ticket] = token
        actions.append(.assign(ticket, token))
    }

    mutating func forked(_ token: Token, _ pid: Int32, _ actions: inout [Action]) {
        guard processes[token]?.state == .forking else {
            // Nobody asked for it: never let it run, never keep its descriptors.
            actions.append(contentsOf: [.release(token), .kill(pid: pid)])
            return
        }
        forkFailures = 0
        tally.started += 1
        processes[token] = Process(pid: pid, state: .ready)
        tokensByPID[pid] = token
        readyTokens.append(token)
    }

    mutating func forkFailed(_ token: Token, _ errno: Int32, _ now: Duration, _ actions: inout [Action]) {
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

    mutating func exited(_ pid: Int32, _ cause: ExitCause, _ now: Duration, _ actions: inout [Action]) {
        guard let token = tokensByPID.removeValue(forKey: pid),
            let process = processes.removeValue(forKey: token)
        else { return }
        tally.ended(process, cause)
        switch process.state {
        case .running(let ticket), .resting(let ticket):
            actions.append(.release(token))
            if tokensByTicket.removeValue(forKey: ticket) != nil { actions.append(.end(ticket, cause)) }
        case .ready:
            readyTokens.removeAll { $0 == token }
            actions.append(.release(token))
            if process.jobs == 0 {
                pauseForks("a Python process ended before it had a job: \(cause)", now, &actions)
            }
        case .assigned(let ticket):
            // The job has not begun; it asks again when it finds its process gone.
            tokensByTicket[ticket] = nil
            actions.append(.release(token))
        case .idle: actions.append(.release(token))
        case .ending, .forking: break
        }
        unbind(token, process, &actions)
    }

    mutating func lost(_ token: Token, _ now: Duration, _ actions: inout [Action]) {
        guard let process = processes[token] else { return }
        switch process.state {
        case .running, .assigned, .resting:
            guard process.killedAt == nil else { return }
            let patience = now + settings.lostPatience
            processes[token]?.killAt = min(process.killAt ?? patience, patience)
        case .ready:
            readyTokens.removeAll { $0 == token }
            retire(token, now, &actions)
            if process.jobs == 0 {
                pauseForks("a Python process closed its socket before it had a job", now, &actions)
            }
        case .idle: retire(token, now, &actions)
        case .ending, .forking: break
        }
    }

    /// Closes our side of a process that is about to exit; one that does not is killed.
    mutating func leave(_ token: Token, _ now: Duration, _ actions: inout [Action]) {
        guard let process = processes[token] else { return }
        processes[token]?.state = .ending
        processes[token]?.killAt = process.killedAt == nil ? now + settings.leavePatience : nil
        actions.append(.release(token))
        unbind(token, process, &actions)
    }

    /// Closes our side and kills the group; what is left is to hear of the exit.
    mutating func retire(_ token: Token, _ now: Duration, _ actions: inout [Action]) {
        guard let process = processes[token] else { return }
        processes[token]?.state = .ending
        processes[token]?.killAt = nil
        processes[token]?.killedAt = now
        actions.append(contentsOf: [.release(token), .kill(pid: process.pid)])
        unbind(token, process, &actions)
    }
}
