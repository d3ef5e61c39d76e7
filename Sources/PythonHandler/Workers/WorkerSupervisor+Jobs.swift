internal import RoostPythonWire

/// Jobs: given a process, done, stopped.
extension WorkerSupervisor {
    mutating func request(_ ticket: Ticket, _ session: Session?, _ actions: inout [Action]) {
        let request = Request(ticket: ticket, session: session)
        guard let session, let token = tokensBySession[session] else {
            waiting.append(request)
            return
        }
        if processes[token]?.state == .idle {
            assign(ticket, token, &actions)
        } else {
            waitingInSession.append(request)
        }
    }

    mutating func withdraw(_ ticket: Ticket, _ now: Duration, _ actions: inout [Action]) {
        _ = stopWaiting(ticket)
        guard let token = tokensByTicket[ticket], let process = processes[token],
            process.state == .assigned(ticket)
        else { return }
        tokensByTicket[ticket] = nil
        guard process.killAt == nil else {
            retire(token, now, &actions)
            return
        }
        if process.session != nil {
            rest(token, now, &actions)
        } else {
            processes[token]?.state = .ready
            readyTokens.insert(token, at: 0)
        }
    }

    private mutating func stopWaiting(_ ticket: Ticket) -> Bool {
        let count = waitingCount
        waiting.removeAll { $0.ticket == ticket }
        waitingInSession.removeAll { $0.ticket == ticket }
        return waitingCount < count
    }

    mutating func began(_ ticket: Ticket) {
        guard let token = tokensByTicket[ticket], processes[token]?.state == .assigned(ticket) else { return }
        processes[token]?.state = .running(ticket)
        processes[token]?.jobs += 1
    }

    mutating func done(_ ticket: Ticket, _ now: Duration, _ actions: inout [Action]) {
        guard let token = tokensByTicket[ticket], let process = processes[token],
            process.state == .running(ticket)
        else { return }
        if !process.wasInterrupted { tokensByTicket[ticket] = nil }
        if stays(process) {
            processes[token]?.state = .resting(ticket)
            guard process.killedAt == nil else { return }
            processes[token]?.killAt = now + (process.wasInterrupted ? settings.grace : settings.restPatience)
        } else if !process.wasInterrupted {
            leave(token, now, &actions)
        } else {
            // Whoever stopped it is answered when nothing of it is left: the job ends with the exit of its process.
            processes[token]?.killAt = nil
            guard process.killedAt == nil else { return }
            processes[token]?.killedAt = now
            actions.append(.kill(pid: process.pid))
        }
    }

    mutating func rested(_ token: Token, _ now: Duration, _ actions: inout [Action]) {
        // One that is killed already is not used again, whatever it managed to say before.
        guard let process = processes[token], case .resting(let ticket) = process.state,
            process.killedAt == nil
        else { return }
        if tokensByTicket.removeValue(forKey: ticket) != nil { actions.append(.settle(ticket)) }
        processes[token]?.wasInterrupted = false
        processes[token]?.killAt = nil
        rest(token, now, &actions)
    }

    /// A process that stays can take a job.
    private mutating func rest(_ token: Token, _ now: Duration, _ actions: inout [Action]) {
        guard let process = processes[token] else { return }
        guard let session = process.session else {
            guard process.jobs < settings.jobsPerProcess else { return retire(token, now, &actions) }
            processes[token]?.state = .ready
            readyTokens.append(token)
            return
        }
        // Its session may have ended meanwhile.
        guard tokensBySession[session] == token else { return retire(token, now, &actions) }
        processes[token]?.state = .idle
        guard let index = waitingInSession.firstIndex(where: { $0.session == session }) else { return }
        assign(waitingInSession.remove(at: index).ticket, token, &actions)
    }

    mutating func interrupt(
        _ ticket: Ticket, _ signal: InterruptSignal, _ now: Duration, _ actions: inout [Action]
    ) {
        if stopWaiting(ticket) {
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

    // MARK: Sessions

    mutating func end(_ session: Session, _ now: Duration, _ actions: inout [Action]) {
        guard let token = tokensBySession.removeValue(forKey: session) else { return }
        // One with a job is retired after it.
        if processes[token]?.state == .idle { retire(token, now, &actions) }
    }

    /// A process of a session is gone: the session gets another with its next job.
    mutating func unbind(_ token: Token, _ process: Process, _ actions: inout [Action]) {
        guard let session = process.session, tokensBySession[session] == token else { return }
        tokensBySession[session] = nil
        if process.jobs > 0 { actions.append(.sessionLost(session)) }
        waiting.append(contentsOf: waitingInSession.filter { $0.session == session })
        waitingInSession.removeAll { $0.session == session }
    }
}
