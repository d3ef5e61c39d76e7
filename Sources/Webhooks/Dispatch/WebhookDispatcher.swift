package import RoostCore

/// Decides what is sent when: a state machine without I/O (events in, actions out).
///
/// It holds only what is under way; what waits is in the outbox, which is asked whenever there is room. A host at its
/// limit is left out of the question, so that a long line for one receiver hides nobody behind it.
package struct WebhookDispatcher {
    /// What its owner has to do.
    package enum Action: Equatable, Sendable {
        /// Ask the outbox, and tell ``found(_:now:)`` or ``lookFailed(now:)``.
        case look(excluding: [String], limit: Int)
        /// Read the message, post it, keep what came of it, and tell ``finished(_:failed:)``.
        case send(JobID, host: String)
        /// Call ``tick()`` at this time, or earlier; replaces what was said before.
        case wake(at: Timestamp)
    }

    private let limits: WebhookLimits
    /// How long the outbox is left alone when nothing is known to be due: what another way made due is found then.
    private let idleMilliseconds: Int64
    private var underWay: [JobID: String] = [:]
    private var perHost: [String: Int] = [:]
    /// Hosts whose last attempt failed; forgotten when there are many, oldest knowledge is worth least.
    private var failingHosts: Set<String> = []
    private var isLooking = false
    private var asked = 0
    private var looksAgain = false

    /// Nothing under way.
    package init(limits: WebhookLimits = WebhookLimits(), idleMilliseconds: Int64 = 30_000) {
        self.limits = limits
        self.idleMilliseconds = idleMilliseconds
    }

    /// How many are being sent.
    package var underWayCount: Int { underWay.count }

    /// Something may be due.
    package mutating func tick() -> [Action] {
        guard !isLooking else {
            looksAgain = true
            return []
        }
        guard underWay.count < limits.total else { return [] }
        isLooking = true
        looksAgain = false
        // Beside those under way, which are still due in the outbox, enough to fill every place.
        asked = underWay.count + limits.total
        return [.look(excluding: fullHosts, limit: asked)]
    }

    /// What the outbox answered.
    package mutating func found(_ agenda: WebhookAgenda, now: Timestamp) -> [Action] {
        isLooking = false
        var actions: [Action] = []
        for item in agenda.due where underWay[item.id] == nil && hasRoom(for: item.host) {
            underWay[item.id] = item.host
            perHost[item.host, default: 0] += 1
            actions.append(.send(item.id, host: item.host))
        }
        // As many as were asked for: there may be more, behind those that found no room.
        let mayHaveMore = agenda.due.count >= asked && !actions.isEmpty
        if looksAgain || mayHaveMore {
            let more = tick()
            if !more.isEmpty { return actions + more }
        }
        let idle = now.milliseconds + idleMilliseconds
        actions.append(
            .wake(at: Timestamp(milliseconds: min(agenda.nextAt?.milliseconds ?? idle, idle))))
        return actions
    }

    /// The outbox could not be asked.
    package mutating func lookFailed(now: Timestamp) -> [Action] {
        isLooking = false
        return [.wake(at: Timestamp(milliseconds: now.milliseconds + 1000))]
    }

    /// An attempt is over, and kept.
    ///
    /// - Parameters:
    ///   - id: Its job.
    ///   - failed: Whether the receiver did not take it.
    /// - Returns: What to do.
    package mutating func finished(_ id: JobID, failed: Bool) -> [Action] {
        guard let host = underWay.removeValue(forKey: id) else { return [] }
        let left = (perHost[host] ?? 1) - 1
        perHost[host] = left > 0 ? left : nil
        if failed {
            if failingHosts.count >= 10_000 { failingHosts.removeAll() }
            failingHosts.insert(host)
        } else {
            failingHosts.remove(host)
        }
        return tick()
    }

    // MARK: Room

    private func hasRoom(for host: String) -> Bool {
        guard underWay.count < limits.total else { return false }
        let count = perHost[host] ?? 0
        guard failingHosts.contains(host) else { return count < limits.perHost }
        return count < 1 && failingUnderWay < limits.failing
    }

    private var failingUnderWay: Int { underWay.values.count { failingHosts.contains($0) } }

    private var fullHosts: [String] {
        var hosts = perHost.filter { !hasRoom(for: $0.key) }.map(\.key)
        if failingUnderWay >= limits.failing { hosts += failingHosts.filter { perHost[$0] == nil } }
        return hosts.sorted()
    }
}
