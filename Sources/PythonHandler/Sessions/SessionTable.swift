internal import RoostCore

/// The named sessions: who may come in, who is in turn, and when one is over. It does no I/O and reads no clock.
///
/// A session is there from its first job on, whether or not it has a process at the moment: with a new one its
/// name goes on, and the next job is told that what was before is gone.
struct SessionTable: Sendable {
    /// What is known of one session.
    struct Session: Sendable, Equatable {
        /// Different from that of every other session, also of one that had its name before.
        let key: UInt64
        let name: String
        let createdAt: Timestamp
        var lastUsedAt: Timestamp
        /// The same on the monotonic clock.
        var lastUsed: Duration
        /// How many jobs were run in it.
        var jobs = 0
        /// Jobs that wait or run, in the order of their arrival.
        var pending: [JobID] = []
        var running: JobID?
        /// True when what its jobs left is gone, until the next job has been told.
        var isLost = false
    }

    /// How many names of sessions that ended unasked are remembered.
    private static let maximumRemembered = 1024

    let maximum: Int
    let idle: Duration
    private var byName: [String: Session] = [:]
    private var names: [UInt64: String] = [:]
    private var nextKey: UInt64 = 1
    /// Names of sessions whose end nobody asked for, oldest first: their next job is told.
    private var forgotten: [String] = []
    /// True while somebody waits for the next expiry.
    private var isWatched = false

    /// - Parameters:
    ///   - maximum: How many there may be.
    ///   - idle: How long one stays without a job.
    init(maximum: Int, idle: Duration) {
        self.maximum = maximum
        self.idle = idle
    }

    /// How many there are.
    var count: Int { byName.count }

    /// All of them, oldest first.
    var all: [Session] { byName.values.sorted { $0.key < $1.key } }

    /// When the next one is over, if nothing happens; nil when all have jobs. Whoever asks is to call
    /// ``expire(now:)`` then and ask again.
    mutating func nextExpiry() -> Duration? {
        let unused = byName.values.filter(\.pending.isEmpty).map(\.lastUsed).min()
        isWatched = unused != nil
        return unused.map { $0 + idle }
    }

    /// False once it is over.
    func isOpen(_ key: UInt64) -> Bool { names[key] != nil }

    /// Lets a job in; the session is made if there is none of this name.
    ///
    /// - Parameters:
    ///   - job: It.
    ///   - name: The session's.
    ///   - time: Now, for people.
    ///   - now: The same on the monotonic clock.
    ///   - isResumed: True for a job from before a restart, which took away what was in the session.
    /// - Returns: The session's key; nil when there are as many as may be. One that has lost its process and has no
    ///   job gives its place up.
    mutating func admit(
        _ job: JobID, to name: String, at time: Timestamp, now: Duration, isResumed: Bool = false
    ) -> UInt64? {
        if byName[name] == nil {
            guard count < maximum || giveUpOne() else { return nil }
            byName[name] = Session(
                key: nextKey, name: name, createdAt: time, lastUsedAt: time, lastUsed: now,
                isLost: takeForgotten(name) || isResumed)
            names[nextKey] = name
            nextKey += 1
        }
        byName[name]?.pending.append(job)
        byName[name]?.lastUsedAt = time
        return byName[name]?.key
    }

    /// A job begins in the session's process.
    ///
    /// - Returns: True when what earlier jobs left is gone and this one is the first to be told.
    mutating func begin(_ job: JobID, in key: UInt64) -> Bool {
        guard let name = names[key], var session = byName[name] else { return false }
        defer { byName[name] = session }
        session.jobs += 1
        session.running = job
        defer { session.isLost = false }
        return session.isLost
    }

    /// A job is over, or was never begun. Saying it twice does no harm.
    ///
    /// - Returns: True when somebody has to ask for ``nextExpiry()``.
    mutating func leave(_ job: JobID, _ key: UInt64, at time: Timestamp, now: Duration) -> Bool {
        guard let name = names[key], var session = byName[name],
            let index = session.pending.firstIndex(of: job)
        else { return false }
        session.pending.remove(at: index)
        if session.running == job { session.running = nil }
        session.lastUsedAt = time
        session.lastUsed = now
        byName[name] = session
        guard !isWatched, session.pending.isEmpty else { return false }
        isWatched = true
        return true
    }

    /// A job was not accepted after all; a session made for it alone goes too.
    mutating func refuse(_ job: JobID, _ key: UInt64) {
        guard let name = names[key], var session = byName[name] else { return }
        // The last: another job of this id may be why it was refused.
        if let index = session.pending.lastIndex(of: job) { session.pending.remove(at: index) }
        byName[name] = session
        guard session.jobs == 0, session.pending.isEmpty else { return }
        remove(session)
        if session.isLost { remember(name) }
    }

    /// The session's process is gone, with all that was in it.
    mutating func lost(_ key: UInt64) {
        guard let name = names[key] else { return }
        byName[name]?.isLost = true
    }

    /// Ends a session.
    ///
    /// - Returns: What it was; nil when there is none of this name.
    mutating func end(_ name: String) -> Session? {
        guard let session = byName[name] else { return nil }
        remove(session)
        return session
    }

    /// Ends the sessions that have been without a job for too long.
    ///
    /// - Returns: Their keys.
    mutating func expire(now: Duration) -> [UInt64] {
        let over = all.filter { $0.pending.isEmpty && $0.lastUsed + idle <= now }
        for session in over {
            remove(session)
            remember(session.name)
        }
        return over.map(\.key)
    }

    private mutating func remove(_ session: Session) {
        byName[session.name] = nil
        names[session.key] = nil
    }

    private mutating func giveUpOne() -> Bool {
        let candidates = byName.values.filter { $0.isLost && $0.pending.isEmpty }
        guard let session = candidates.min(by: { $0.lastUsed < $1.lastUsed }) else { return false }
        remove(session)
        remember(session.name)
        return true
    }

    private mutating func remember(_ name: String) {
        forgotten.append(name)
        if forgotten.count > Self.maximumRemembered { forgotten.removeFirst() }
    }

    private mutating func takeForgotten(_ name: String) -> Bool {
        guard let index = forgotten.firstIndex(of: name) else { return false }
        forgotten.remove(at: index)
        return true
    }
}
