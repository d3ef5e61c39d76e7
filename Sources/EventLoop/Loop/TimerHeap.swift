/// The timers of one loop: a binary heap by deadline, ties in the order they were set.
///
/// Cancelling only empties the timer's slot; its place in the heap goes when it comes to the top, or when
/// dead places make up more than half. Setting and cancelling are thus cheap, and memory stays bounded by
/// twice the live timers.
struct TimerHeap {
    typealias Work = @Sendable () -> Void

    private struct Node {
        let deadline: MonotonicTime
        let sequence: UInt64
        let slot: Int
    }

    private struct Slot {
        var sequence: UInt64
        var work: Work?
    }

    private var heap: [Node] = []
    private var slots: [Slot] = []
    private var free: [Int] = []
    private var sequence: UInt64 = 0
    private var dead = 0

    /// How many timers are set and not cancelled.
    var count: Int { heap.count - dead }

    /// How many places the heap holds, dead ones too.
    var capacityInUse: Int { heap.count }

    mutating func insert(deadline: MonotonicTime, _ work: @escaping Work) -> TimerToken {
        sequence &+= 1
        let slot: Int
        if let reused = free.popLast() {
            slot = reused
            slots[slot] = Slot(sequence: sequence, work: work)
        } else {
            slot = slots.count
            slots.append(Slot(sequence: sequence, work: work))
        }
        heap.append(Node(deadline: deadline, sequence: sequence, slot: slot))
        siftUp(from: heap.count - 1)
        return TimerToken(slot: slot, sequence: sequence)
    }

    /// - Returns: The work, if the timer was still set; to be released when no access to the heap is open,
    ///   since a release may run a `deinit` that comes here again.
    mutating func cancel(_ token: TimerToken) -> Work? {
        guard token.slot < slots.count, slots[token.slot].sequence == token.sequence,
            let work = slots[token.slot].work
        else { return nil }
        vacate(token.slot)
        dead += 1
        if dead > 64, dead > heap.count / 2 { compact() }
        return work
    }

    /// The earliest deadline of a timer that is not cancelled.
    mutating func nextDeadline() -> MonotonicTime? {
        while let top = heap.first {
            if isLive(top) { return top.deadline }
            removeTop()
            dead -= 1
        }
        return nil
    }

    /// Takes out the earliest timer that is due.
    mutating func popDue(at now: MonotonicTime) -> Work? {
        guard let deadline = nextDeadline(), deadline <= now, let top = heap.first else { return nil }
        let work = slots[top.slot].work
        vacate(top.slot)
        removeTop()
        return work
    }

    private func isLive(_ node: Node) -> Bool {
        slots[node.slot].sequence == node.sequence && slots[node.slot].work != nil
    }

    private mutating func vacate(_ slot: Int) {
        slots[slot].work = nil
        free.append(slot)
    }

    private mutating func compact() {
        heap = heap.filter(isLive)
        dead = 0
        var index = heap.count / 2
        while index > 0 {
            index -= 1
            siftDown(from: index)
        }
    }

    private mutating func removeTop() {
        guard let last = heap.popLast(), !heap.isEmpty else { return }
        heap[0] = last
        siftDown(from: 0)
    }

    private func precedes(_ left: Node, _ right: Node) -> Bool {
        left.deadline == right.deadline ? left.sequence < right.sequence : left.deadline < right.deadline
    }

    private mutating func siftUp(from start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard precedes(heap[child], heap[parent]) else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func siftDown(from start: Int) {
        var parent = start
        while true {
            var least = parent
            for child in 2 * parent + 1...2 * parent + 2
            where child < heap.count && precedes(heap[child], heap[least]) {
                least = child
            }
            guard least != parent else { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
