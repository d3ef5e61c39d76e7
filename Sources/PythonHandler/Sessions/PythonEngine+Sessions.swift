internal import RoostCore
internal import RoostEventLoop
internal import Synchronization

/// A job's place in a session.
package struct SessionPlace: Sendable {
    let key: UInt64
}

/// Sessions: what can be asked of them from anywhere, and what the engine does about it.
extension PythonEngine {
    private nonisolated var clock: Duration { MonotonicTime.now() - origin }

    /// Every session there is, oldest first.
    nonisolated var openSessions: [SessionTable.Session] { shown.sessions.withLock { $0.all } }

    /// Gives a job its place in a session; the session is made if there is none of this name.
    ///
    /// - Throws: `QUEUE_FULL` (429) when there are as many sessions as may be.
    nonisolated func admit(
        _ job: JobID, to session: SessionName, at time: Timestamp, isResumed: Bool = false
    ) throws(APIFailure) -> SessionPlace {
        let maximum = configuration.maximumSessions
        let key = shown.sessions.withLock {
            $0.admit(job, to: session.text, at: time, now: clock, isResumed: isResumed)
        }
        if let key { return SessionPlace(key: key) }
        throw APIError.queueFull(
            "There are \(maximum) sessions, which is as many as may be; end one or try again later",
            details: ["limit": "sessions", "maximum": .int(maximum)]
        ).with(field: "Retry-After", "\(max(1, min(300, configuration.sessionIdle.components.seconds)))")
    }

    /// The job was not accepted after all.
    nonisolated func refuse(_ job: JobID, _ place: SessionPlace) {
        shown.sessions.withLock { $0.refuse(job, place.key) }
    }

    /// The job is over, whether or not it ever ran.
    nonisolated func leave(_ job: JobID, _ place: SessionPlace, at time: Timestamp) {
        let clock = clock
        guard shown.sessions.withLock({ $0.leave(job, place.key, at: time, now: clock) }) else { return }
        loop.execute { [weak self] in self?.assumeIsolated { $0.watchExpiry() } }
    }

    /// False once the session of this place is over.
    nonisolated func isOpen(_ place: SessionPlace) -> Bool {
        shown.sessions.withLock { $0.isOpen(place.key) }
    }

    /// Ends a session for everybody who comes from now on; its jobs are the caller's to cancel, its process goes with
    /// ``endProcess(of:)``.
    ///
    /// - Returns: Nil when there is none of this name.
    nonisolated func closeSession(_ name: String) -> SessionTable.Session? {
        shown.sessions.withLock { $0.end(name) }
    }

    /// Ends the process of a session that was closed.
    func endProcess(of session: SessionTable.Session) { feed(.sessionEnded(session.key)) }

    /// A job begins in its session's process.
    func enterSession(_ execution: Execution) {
        guard let session = execution.session else { return }
        let isReset = shown.sessions.withLock { $0.begin(execution.context.id, in: session) }
        if isReset { execution.context.markSessionReset() }
    }

    func sessionLost(_ key: UInt64) { shown.sessions.withLock { $0.lost(key) } }

    /// Sets the timer for the session that will be over first.
    private func watchExpiry() {
        guard !isStopping, let expiry = shown.sessions.withLock({ $0.nextExpiry() }) else { return }
        expiryTimer = loop.schedule(at: origin + expiry) { [weak self] in
            self?.assumeIsolated { $0.expire() }
        }
    }

    private func expire() {
        expiryTimer = nil
        for key in shown.sessions.withLock({ $0.expire(now: clock) }) { feed(.sessionEnded(key)) }
        watchExpiry()
    }
}
