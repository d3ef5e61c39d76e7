import Glibc

/// A queue between many tasks that put and a few threads that wait for something to take.
///
/// Putting never blocks for longer than another put or take; taking blocks the thread.
@safe final class Mailbox<Element: Sendable>: @unchecked Sendable {
    // Sendable because `elements` and `isClosed` are only touched between lock and unlock of `mutex`, and the
    // two pointers never change and stay allocated as long as the object.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    private var elements: [Element] = []
    private var isClosed = false

    init() {
        // Allocated once, since POSIX does not let either be moved.
        unsafe mutex = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe pthread_mutex_init(mutex, nil)
        unsafe condition = .allocate(capacity: 1)
        unsafe condition.initialize(to: pthread_cond_t())
        var attributes = pthread_condattr_t()
        unsafe pthread_condattr_init(&attributes)
        // Waiting by the monotonic clock: a wall clock that is set must not hold a retry back.
        unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        unsafe pthread_cond_init(condition, &attributes)
        unsafe pthread_condattr_destroy(&attributes)
    }

    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe condition.deallocate()
        unsafe pthread_mutex_destroy(mutex)
        unsafe mutex.deallocate()
    }

    private func locked<Value>(_ body: () -> Value) -> Value {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return body()
    }

    /// Adds one at the end.
    ///
    /// - Returns: False when the mailbox is closed; the element is then not taken.
    func put(_ element: Element) -> Bool {
        locked {
            guard !isClosed else { return false }
            elements.append(element)
            unsafe pthread_cond_signal(condition)
            return true
        }
    }

    /// Puts elements that were taken back to the front, also when the mailbox is closed.
    func putBack(_ taken: [Element]) {
        guard !taken.isEmpty else { return }
        locked {
            elements.insert(contentsOf: taken, at: 0)
            unsafe pthread_cond_signal(condition)
        }
    }

    /// Takes nothing more in; what is there can still be taken.
    func close() {
        locked {
            isClosed = true
            unsafe pthread_cond_broadcast(condition)
        }
    }

    /// What ``take(atMost:weight:weigh:wait:)`` came back with.
    struct Taken {
        /// The elements, oldest first; empty when the wait was over or the mailbox is closed.
        var elements: [Element]
        /// True when the mailbox is closed and empty.
        var isOver: Bool
    }

    /// Waits for elements and takes the oldest of them.
    ///
    /// - Parameters:
    ///   - count: Never more than this.
    ///   - weight: Stop when what was taken weighs this much; the first is always taken.
    ///   - weigh: The weight of one.
    ///   - wait: How long, or nil for ever.
    /// - Returns: The elements, and whether there will never be more.
    func take(
        atMost count: Int, weight: Int = .max, weigh: (Element) -> Int = { _ in 0 }, wait: Duration?
    ) -> Taken {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        let deadline = wait.map(Self.deadline(after:))
        while elements.isEmpty, !isClosed {
            if var deadline {
                if unsafe pthread_cond_timedwait(condition, mutex, &deadline) == ETIMEDOUT { break }
            } else {
                unsafe pthread_cond_wait(condition, mutex)
            }
        }
        var end = 0
        var sum = 0
        while end < elements.count, end < count, end == 0 || sum < weight {
            sum = sum.addingReportingOverflow(weigh(elements[end])).partialValue
            end += 1
        }
        let taken = Array(elements[..<end])
        elements.removeFirst(end)
        return Taken(elements: taken, isOver: isClosed && taken.isEmpty)
    }

    private static func deadline(after wait: Duration) -> timespec {
        var now = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &now)
        let (seconds, attoseconds) = max(.zero, min(wait, .seconds(86_400))).components
        let nanoseconds = now.tv_nsec + Int(attoseconds / 1_000_000_000)
        return timespec(
            tv_sec: now.tv_sec + Int(seconds) + nanoseconds / 1_000_000_000,
            tv_nsec: nanoseconds % 1_000_000_000)
    }
}
