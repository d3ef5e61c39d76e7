package import RoostCore

/// Decides what is sent when: a state machine without I/O (events in, actions out).
///
/// It holds only what is under way; what waits is in the outbox, which is asked whenever there is room. A receiver or a
/// host at its limit is left out of the question, so that a long line for one receiver hides nobody behind it.
package struct WebhookDispatcher {
    /// What its owner has to do.
    package enum Action: Equatable, Sendable {
        /// Ask the outbox, and tell ``found(_:now:)`` or ``lookFailed(now:)``.
        case look(excluding: [String], limit: Int)
        /// Read the message, post it, keep what came of it, and tell ``finished(_:failed:)``.
        case send(JobID, receiver: String)
        /// Call ``tick()`` at this time, or earlier; replaces what was said before.
        case wake(at: Timestamp)
    }

    private let limits: WebhookLimits
    /// How long the outbox is left alone when nothing is known to be due: what another way made due is found then.
    private let idleMilliseconds: Int64
    private var underWay: [JobID: String] = [:]
    /// Receivers whose last attempt failed; forgotten when there are many, oldest knowledge is worth least.
    private var failing: Set<String> = []
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
        return [.look(excluding: full, limit: asked)]
    }

    /// What the outbox answered.
    package mutating func found(_ agenda: WebhookAgenda, now: Timestamp) -> [Action] {
        isLooking = false
        var actions: [Action] = []
        var usage = Usage(underWay.values, failing)
        for item in agenda.due where underWay[item.id] == nil && hasRoom(for: item.receiver, usage) {
            underWay[item.id] = item.receiver
            usage.add(item.receiver, isFailing: failing.contains(item.receiver))
            actions.append(.send(item.id, receiver: item.receiver))
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
        guard let receiver = underWay.removeValue(forKey: id) else { return [] }
        if failed {
            if failing.count >= 10_000 { failing.removeAll() }
            failing.insert(receiver)
        } else {
            failing.remove(receiver)
        }
        return tick()
    }

    // MARK: Room

    /// Places that are taken.
    private struct Usage {
        var total = 0
        var failing = 0
        var perReceiver: [String: Int] = [:]
        var perHost: [String: Int] = [:]
        var failingPerHost: [String: Int] = [:]

        init(_ receivers: some Sequence<String>, _ failing: Set<String>) {
            for receiver in receivers { add(receiver, isFailing: failing.contains(receiver)) }
        }

        mutating func add(_ receiver: String, isFailing: Bool) {
            let host = WebhookDispatcher.host(of: receiver)
            total += 1
            perReceiver[receiver, default: 0] += 1
            perHost[host, default: 0] += 1
            guard isFailing else { return }
            failing += 1
            failingPerHost[host, default: 0] += 1
        }
    }

    /// The part of `host:port/path` before the path.
    private static func host(of receiver: String) -> String { String(receiver.prefix { $0 != "/" }) }

    private func hasRoom(for receiver: String, _ usage: Usage) -> Bool {
        let host = Self.host(of: receiver)
        let count = usage.perReceiver[receiver] ?? 0
        guard usage.total < limits.total, usage.perHost[host] ?? 0 < limits.perHost else { return false }
        guard failing.contains(receiver) else { return count < limits.perReceiver }
        return count < 1 && usage.failing < limits.failing
            && usage.failingPerHost[host] ?? 0 < limits.failingPerHost
    }

    /// Receivers without room, and hosts without room for any.
    private var full: [String] {
        let usage = Usage(underWay.values, failing)
        var full = Set(usage.perHost.filter { $0.value >= limits.perHost }.map(\.key))
        var candidates = Set(usage.perReceiver.keys)
        // Those that fail may be kept out by others that do.
        let isFull = usage.failing >= limits.failing
        let hosts = usage.failingPerHost.filter { $0.value >= limits.failingPerHost }
        if isFull || !hosts.isEmpty {
            candidates.formUnion(isFull ? failing : failing.filter { hosts[Self.host(of: $0)] != nil })
        }
        full.formUnion(
            candidates.filter { !full.contains(Self.host(of: $0)) && !hasRoom(for: $0, usage) })
        return full.sorted()
    }
}
