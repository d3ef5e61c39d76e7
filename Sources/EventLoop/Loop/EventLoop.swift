internal import CLinux
internal import Glibc
internal import Synchronization

/// One thread that waits for descriptors, timers and work, and runs what they call for.
///
/// It is an executor both ways. As a `SerialExecutor` it can own an actor, whose state the loop's callbacks
/// then reach without a hop:
/// ```swift
/// actor Connection {
///     nonisolated let loop: EventLoop
///     nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
///     // in a handler of the loop: connection.assumeIsolated { $0.readable() }
/// }
/// ```
/// As a `TaskExecutor` it runs the non-isolated asynchronous code of `Task(executorPreference: loop)`.
///
/// Work runs in the order it came, after the events of the round it came in. Nothing that blocks may run here.
public final class EventLoop: SerialExecutor, TaskExecutor, @unchecked Sendable {
    // Unchecked: `registrations` and `timers` are touched on the loop's thread only, and every method that
    // does so checks that first (`preconditionIsCurrent`); all else is immutable, in a Mutex or atomic.

    private enum Work {
        case job(UnownedJob)
        case closure(@Sendable () -> Void)
    }

    private enum Phase {
        /// Made, not started: work waits.
        case new
        /// A thread runs the loop.
        case running
        /// As `running`, but the thread ends as soon as no work is left.
        case stopping
        /// The thread has ended. Work that still comes gets one of its own, so that no task hangs for ever.
        case ended
    }

    private struct Shared {
        var work: [Work] = []
        var phase = Phase.new
        /// True while the thread waits in the kernel without a look at `work`: only then is a wake-up needed.
        var isAsleep = false
        var thread: pthread_t?
    }

    /// The name given at creation; the thread carries its first 15 bytes.
    public let name: String
    private let poller: Poller
    private let wake: OwnedDescriptor
    private let shared = Mutex(Shared())
    private let threadID = Atomic<UInt>(0)
    private var registrations = RegistrationTable()
    private var timers = TimerHeap()

    /// The key of the wake-up descriptor; no table grows to its slot.
    private static let wakeKey = UInt64.max
    /// How many rounds of work may run before the descriptors are looked at again.
    private static let roundsBetweenPolls = 16

    /// Makes a loop; nothing runs before ``start()``.
    ///
    /// - Throws: `epoll_create1`, `eventfd` or `epoll_ctl` when descriptors run out.
    public init(name: String) throws(SystemError) {
        self.name = name
        poller = try Poller()
        wake = try OwnedDescriptor(
            result: eventfd(0, CLINUX_EFD_CLOEXEC | CLINUX_EFD_NONBLOCK), of: "eventfd")
        // Edge-triggered: each write counts as a new event, so that nobody has to read the counter back.
        try poller.add(wake.rawValue, events: CLINUX_EPOLLIN | CLINUX_EPOLLET, key: Self.wakeKey)
    }

    // MARK: Thread

    /// Starts the thread; work that was given before runs then.
    ///
    /// - Throws: `pthread_create`, when the system has no more threads to give.
    public func start() throws(SystemError) {
        let isFirst = shared.withLock { shared -> Bool in
            guard shared.phase == .new else { return false }
            shared.phase = .running
            return true
        }
        precondition(isFirst, "an event loop is started once")
        let thread: pthread_t
        do { thread = try spawn() } catch {
            shared.withLock { $0.phase = .new }
            throw error
        }
        shared.withLock { $0.thread = thread }
    }

    /// Asks the thread to end once all work that waits has run; from any thread, more than once too.
    ///
    /// Registrations and timers are dropped then. Of a loop that never started, work waits for ever.
    public func stop() {
        let wakes = shared.withLock { shared -> Bool in
            guard shared.phase == .running else { return false }
            shared.phase = .stopping
            return takeWakeUp(&shared)
        }
        if wakes { wakeUp() }
    }

    /// Blocks until the thread has ended; not from the loop itself, and only after ``stop()``.
    public func join() {
        precondition(!isCurrent, "an event loop cannot wait for its own end")
        let thread = shared.withLock { shared -> pthread_t? in
            defer { shared.thread = nil }
            return shared.thread
        }
        if let thread { _ = pthread_join(thread, nil) }
    }

    /// True on the loop's thread.
    public var isCurrent: Bool { threadID.load(ordering: .relaxed) == UInt(pthread_self()) }

    /// Stops the program when called elsewhere than on the loop's thread: a bug of ours, in every build.
    public func preconditionIsCurrent() {
        precondition(isCurrent, "called off the thread of an event loop")
    }

    private func spawn() throws(SystemError) -> pthread_t {
        var thread = pthread_t()
        let context = unsafe Unmanaged.passRetained(self)
        let code = unsafe pthread_create(
            &thread, nil,
            { context in
                // The reference taken for this thread, given back here and nowhere else.
                guard let context = unsafe context else { return nil }
                unsafe Unmanaged<EventLoop>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, unsafe context.toOpaque())
        guard code == 0 else {
            unsafe context.release()
            throw SystemError(code, "pthread_create")
        }
        return thread
    }

    // MARK: Work

    /// Runs `work` on the loop's thread, after what was given before; from any thread.
    public func execute(_ work: @escaping @Sendable () -> Void) { submit(.closure(work)) }

    /// Runs a piece of a Swift task on the loop's thread; called by the concurrency runtime.
    public func enqueue(_ job: consuming ExecutorJob) { submit(.job(UnownedJob(job))) }

    /// Lets an actor of this loop be entered with `assumeIsolated` from the loop's callbacks.
    public func checkIsolated() { preconditionIsCurrent() }

    /// As ``checkIsolated()``, but answers.
    public func isIsolatingCurrentContext() -> Bool? { isCurrent }

    private func submit(_ work: Work) {
        // On its own thread the loop is awake, and looks at `work` before it waits again.
        let isOwn = isCurrent
        let (wakes, isLate) = shared.withLock { shared -> (Bool, Bool) in
            shared.work.append(work)
            if shared.phase == .ended {
                shared.phase = .stopping
                return (false, true)
            }
            return (!isOwn && takeWakeUp(&shared), false)
        }
        if wakes { wakeUp() }
        if isLate { runLateWork() }
    }

    /// Whether the caller has to wake the thread; says so to one caller a sleep.
    private func takeWakeUp(_ shared: inout Shared) -> Bool {
        defer { shared.isAsleep = false }
        return shared.isAsleep
    }

    private func wakeUp() {
        var one: UInt64 = 1
        _ = unsafe Glibc.write(wake.rawValue, &one, MemoryLayout<UInt64>.size)
    }

    private func runLateWork() {
        // Without a thread to be had the work waits for the next attempt; better than ending the program.
        guard let thread = try? spawn() else {
            shared.withLock { $0.phase = .ended }
            return
        }
        _ = pthread_detach(thread)
    }

    // MARK: Timers

    /// Runs `work` once after `delay`, never early; a delay below zero counts as none. On the loop's thread.
    public func schedule(after delay: Duration, _ work: @escaping @Sendable () -> Void) -> TimerToken {
        schedule(at: MonotonicTime.now() + delay, work)
    }

    /// Runs `work` once, not before `deadline`. On the loop's thread.
    public func schedule(at deadline: MonotonicTime, _ work: @escaping @Sendable () -> Void) -> TimerToken {
        preconditionIsCurrent()
        return timers.insert(deadline: deadline, work)
    }

    /// Takes a timer back; one that has fired or was cancelled is no matter. On the loop's thread.
    public func cancel(_ timer: TimerToken) {
        preconditionIsCurrent()
        _ = timers.cancel(timer)
    }

    // MARK: Descriptors

    /// Calls `handler` on the loop's thread whenever `descriptor` is ready for something of `interest`.
    ///
    /// Level-triggered: the handler is called round after round until it has dealt with the cause, has
    /// narrowed its interest or has cancelled. ``Readiness/hangUp`` and ``Readiness/error`` cannot be
    /// narrowed away; cancel after them. The descriptor should be non-blocking and stays the caller's. On the
    /// loop's thread.
    ///
    /// - Returns: The registration; it stays until cancelled, also when this value is dropped.
    /// - Throws: `epoll_ctl`, such as `EPERM` for a regular file.
    public func register(
        descriptor: Int32, interest: Interest, handler: @escaping @Sendable (Readiness) -> Void
    ) throws(SystemError) -> Registration {
        preconditionIsCurrent()
        let key = registrations.insert(RegistrationTable.Entry(descriptor: descriptor, handler: handler))
        do { try poller.add(descriptor, events: interest.events, key: key.rawValue) } catch {
            _ = registrations.remove(key)
            throw error
        }
        return Registration(loop: self, key: key)
    }

    func update(_ key: RegistrationTable.Key, _ interest: Interest) throws(SystemError) {
        preconditionIsCurrent()
        guard let entry = registrations[key] else { return }
        try poller.modify(entry.descriptor, events: interest.events, key: key.rawValue)
    }

    func cancel(_ key: RegistrationTable.Key) {
        preconditionIsCurrent()
        guard let entry = registrations.remove(key) else { return }
        poller.remove(entry.descriptor)
    }

    // MARK: The loop

    private func run() {
        threadID.store(UInt(pthread_self()), ordering: .relaxed)
        unsafe clinux_name_thread(String(decoding: name.utf8.prefix(15), as: UTF8.self))
        var events = EventBuffer()
        var batch: [Work] = []
        var now = MonotonicTime.now()
        var turn = ProcessorTurn(startedAt: now)
        while let timeout = timeoutBeforeSleep(now) {
            if turn.isOver(at: now) {
                sched_yield()
                turn = ProcessorTurn(startedAt: .now())
            }
            poller.wait(timeout: timeout, into: &events)
            turn.waited(from: now, to: .now())
            for index in 0..<events.count {
                let (key, readiness) = events[index]
                guard key != Self.wakeKey else { continue }
                registrations[RegistrationTable.Key(rawValue: key)]?.handler(Readiness(rawValue: readiness))
            }
            runWork(&batch)
            now = .now()
            if let work = timers.popDue(at: now) {
                work()
                while let work = timers.popDue(at: now) { work() }
                now = .now()
            }
        }
    }

    /// The milliseconds to wait for events (-1 for ever), or nil when the thread shall end.
    private func timeoutBeforeSleep(_ now: MonotonicTime) -> Int32? {
        var timeout: Int32 = -1
        if let deadline = timers.nextDeadline() {
            let nanoseconds = max(0, deadline.nanoseconds - now.nanoseconds)
            // Rounded up, so that no timer fires early.
            timeout = Int32(clamping: nanoseconds / 1_000_000 + (nanoseconds % 1_000_000 > 0 ? 1 : 0))
        }
        let next = shared.withLock { shared -> Int32? in
            if !shared.work.isEmpty { return 0 }
            guard shared.phase != .stopping else { return nil }
            shared.isAsleep = timeout != 0
            return timeout
        }
        if next == nil { return endUnlessWorkIsLeft() }
        return next
    }

    /// Lets go of handlers and timers, whose release may itself bring work, and then ends the thread.
    private func endUnlessWorkIsLeft() -> Int32? {
        let handlers = registrations.removeAll()
        let pending = timers
        timers = TimerHeap()
        withExtendedLifetime((handlers, pending)) {}
        return shared.withLock { shared -> Int32? in
            guard shared.work.isEmpty else { return 0 }
            shared.phase = .ended
            threadID.store(0, ordering: .relaxed)
            return nil
        }
    }

    private func runWork(_ batch: inout [Work]) {
        for _ in 0..<Self.roundsBetweenPolls {
            shared.withLock { shared in
                shared.isAsleep = false
                swap(&shared.work, &batch)
            }
            guard !batch.isEmpty else { return }
            for work in batch {
                switch work {
                case .job(let job):
                    unsafe job.runSynchronously(
                        isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
                case .closure(let closure): closure()
                }
            }
            batch.removeAll(keepingCapacity: true)
        }
    }
}
