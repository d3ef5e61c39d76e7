/// Suspended tasks, each known by a ticket, so that one that is cancelled can leave before its turn.
///
/// A ticket is drawn under the lock that also saw nothing to wait for yet; whoever is woken or cancelled between
/// drawing the ticket and suspending is refused and does not suspend.
struct WaiterList {
    private var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    private var open: Set<Int> = []
    private var last = 0

    /// Draws a ticket.
    mutating func ticket() -> Int {
        last &+= 1
        open.insert(last)
        return last
    }

    /// Suspends the holder; false when the ticket was called meanwhile.
    mutating func add(_ continuation: CheckedContinuation<Void, Never>, ticket: Int) -> Bool {
        guard open.remove(ticket) != nil else { return false }
        waiting[ticket] = continuation
        return true
    }

    /// Calls one ticket.
    mutating func take(_ ticket: Int) -> CheckedContinuation<Void, Never>? {
        open.remove(ticket)
        return waiting.removeValue(forKey: ticket)
    }

    /// Calls all tickets.
    mutating func takeAll() -> [CheckedContinuation<Void, Never>] {
        guard !waiting.isEmpty || !open.isEmpty else { return [] }
        let all = Array(waiting.values)
        waiting.removeAll()
        open.removeAll()
        return all
    }
}
