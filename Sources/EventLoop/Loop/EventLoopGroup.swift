internal import Synchronization

/// Several loops, handed out in turn.
public final class EventLoopGroup: Sendable {
    /// The loops, at least one.
    public let loops: [EventLoop]
    private let turn = Atomic<Int>(0)

    /// Makes `count` loops (at least one) named `name-0`, `name-1`, …; they start with ``start()``.
    ///
    /// - Throws: `epoll_create1`, `eventfd` or `epoll_ctl` when descriptors run out.
    public init(count: Int, name: String) throws(SystemError) {
        var loops: [EventLoop] = []
        for index in 0..<max(1, count) { loops.append(try EventLoop(name: "\(name)-\(index)")) }
        self.loops = loops
    }

    /// Starts every loop's thread.
    ///
    /// - Throws: `pthread_create` when the system has no more threads to give.
    public func start() throws(SystemError) {
        for loop in loops { try loop.start() }
    }

    /// The next loop in turn; from any thread.
    public func next() -> EventLoop {
        let index = turn.wrappingAdd(1, ordering: .relaxed).oldValue
        return loops[Int(UInt(bitPattern: index) % UInt(loops.count))]
    }

    /// Stops every loop and waits for their threads; not from one of them.
    public func stopAndJoin() {
        for loop in loops { loop.stop() }
        for loop in loops { loop.join() }
    }
}
