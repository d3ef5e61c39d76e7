import CLinux
import Glibc
import RoostEventLoop
import Synchronization
import Testing

@Suite struct EventLoopTests {
    private func withLoop(_ body: (EventLoop) async throws -> Void) async throws {
        let loop = try EventLoop(name: "test")
        try loop.start()
        try await body(loop)
        loop.stop()
        loop.join()
    }

    @Test func `runs work in the order given and only on its own thread`() async throws {
        try await withLoop { loop in
            let order = Mutex<[Int]>([])
            let current = await withCheckedContinuation { continuation in
                for index in 0..<100 { loop.execute { order.withLock { $0.append(index) } } }
                loop.execute { continuation.resume(returning: loop.isCurrent) }
            }
            #expect(current)
            #expect(!loop.isCurrent)
            #expect(order.withLock { $0 } == Array(0..<100))
        }
    }

    @Test func `runs work given before the start`() async throws {
        let loop = try EventLoop(name: "test")
        let ran = Atomic(false)
        loop.execute { ran.store(true, ordering: .relaxed) }
        try loop.start()
        loop.stop()
        loop.join()
        let hasRun = ran.load(ordering: .relaxed)
        #expect(hasRun)
    }

    @Test func `keeps non-isolated asynchronous code of a task on its thread`() async throws {
        try await withLoop { loop in
            let places = await Task(executorPreference: loop) { () -> [Bool] in
                var places = [loop.isCurrent]
                await Task.yield()
                places.append(loop.isCurrent)
                // Nothing is waited for: coming back from another thread, that of the timer, is what is looked at.
                try? await Task.sleep(for: .milliseconds(1))
                places.append(loop.isCurrent)
                places.append(await isOn(loop))
                return places
            }.value
            #expect(places == [true, true, true, true])
        }
    }

    @Test func `owns an actor that callbacks enter without a hop`() async throws {
        try await withLoop { loop in
            let counter = Counter(loop: loop)
            await withCheckedContinuation { continuation in
                loop.execute {
                    counter.assumeIsolated { _ = $0.add() }
                    continuation.resume()
                }
            }
            #expect(await counter.add() == 2)
            #expect(await counter.wasOnLoop())
        }
    }

    @Test func `late work still runs after the end`() async throws {
        let loop = try EventLoop(name: "test")
        try loop.start()
        loop.stop()
        loop.join()
        #expect(await Task(executorPreference: loop) { loop.isCurrent }.value)
        #expect(await Task(executorPreference: loop) { loop.isCurrent }.value)
    }

    @Test func `loses no wake-up under many threads`() async throws {
        try await withLoop { loop in
            let total = await withTaskGroup(of: Int.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        var sum = 0
                        for _ in 0..<500 {
                            sum += await withCheckedContinuation { continuation in
                                loop.execute { continuation.resume(returning: 1) }
                            }
                        }
                        return sum
                    }
                }
                var total = 0
                for await sum in group { total += sum }
                return total
            }
            #expect(total == 4000)
        }
    }

    @Test func `fires timers by deadline, not early, and not when cancelled`() async throws {
        try await withLoop { loop in
            let fired = Mutex<[String]>([])
            let start = MonotonicTime.now()
            await withCheckedContinuation { continuation in
                loop.execute {
                    _ = loop.schedule(after: .milliseconds(20)) {
                        fired.withLock { $0.append("late") }
                        continuation.resume()
                    }
                    _ = loop.schedule(after: .milliseconds(5)) { fired.withLock { $0.append("early") } }
                    let token = loop.schedule(after: .milliseconds(10)) {
                        fired.withLock { $0.append("never") }
                    }
                    loop.cancel(token)
                    loop.cancel(token)
                }
            }
            #expect(MonotonicTime.now() - start >= .milliseconds(20))
            #expect(fired.withLock { $0 } == ["early", "late"])
        }
    }

    @Test func `a cancelled registration gets no event that was fetched already`() async throws {
        try await withLoop { loop in
            let (first, second) = try (SocketPair(), SocketPair())
            let calls = Atomic(0)
            let registrations = Mutex<[EventLoop.Registration]>([])
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                loop.execute {
                    for pair in [first, second] {
                        let registration = try! loop.register(descriptor: pair.near, interest: .read) { _ in
                            calls.add(1, ordering: .relaxed)
                            registrations.withLock { $0 }.forEach { $0.cancel() }
                            // Takes a cancelled slot again: still no stale event may reach it.
                            let again = try! loop.register(descriptor: pair.far, interest: .read) { _ in
                                calls.add(100, ordering: .relaxed)
                            }
                            loop.execute { loop.execute { again.cancel() } }
                        }
                        registrations.withLock { $0.append(registration) }
                    }
                    // Both become readable before the loop looks again.
                    first.send("x")
                    second.send("x")
                    _ = loop.schedule(after: .milliseconds(5)) { continuation.resume() }
                }
            }
            let count = calls.load(ordering: .relaxed)
            #expect(count == 1)
        }
    }

    @Test func `reports the end and the hang-up of a socket`() async throws {
        try await withLoop { loop in
            let pair = try SocketPair()
            let seen = Mutex(EventLoop.Readiness())
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                loop.execute {
                    let registration = Mutex<EventLoop.Registration?>(nil)
                    let made = try! loop.register(descriptor: pair.near, interest: .inputClosed) {
                        readiness in
                        seen.withLock { $0.formUnion(readiness) }
                        if readiness.contains(.hangUp) {
                            pair.held.withLock { $0?.cancel() }
                            continuation.resume()
                        } else {
                            pair.closeFar()
                        }
                    }
                    registration.withLock { $0 = made }
                    pair.held.withLock { $0 = made }
                    _ = shutdown(pair.far, CLINUX_SHUT_WR)
                }
            }
            #expect(seen.withLock { $0 } == [.inputClosed, .hangUp])
        }
    }

    @Test func `describes a failed call`() {
        #expect(SystemError(98, "bind").description == "bind: Address already in use (98)")
        #expect(SystemError.text(of: 99_999) == "Unknown error")
    }

    @Test func `hands loops out in turn`() throws {
        let group = try EventLoopGroup(count: 2, name: "turn")
        let picked = (0..<4).map { _ in ObjectIdentifier(group.next()) }
        #expect(picked[0] == picked[2] && picked[1] == picked[3] && picked[0] != picked[1])
    }
}

private func isOn(_ loop: EventLoop) async -> Bool { loop.isCurrent }

private actor Counter {
    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.asUnownedSerialExecutor() }
    private var count = 0

    init(loop: EventLoop) { self.loop = loop }

    @discardableResult func add() -> Int {
        count += 1
        return count
    }

    func wasOnLoop() -> Bool { loop.isCurrent }
}

private final class SocketPair: Sendable {
    let near: Int32
    let far: Int32
    let held = Mutex<EventLoop.Registration?>(nil)
    private let farIsOpen = Mutex(true)

    init() throws {
        var ends: [Int32] = [0, 0]
        guard unsafe socketpair(AF_UNIX, CLINUX_SOCK_STREAM | CLINUX_SOCK_NONBLOCK | CLINUX_SOCK_CLOEXEC, 0, &ends) == 0 else {
            throw SystemError(errno, "socketpair")
        }
        (near, far) = (ends[0], ends[1])
    }

    func send(_ text: String) { _ = try? NonBlocking.send(far, Array(text.utf8)) }

    func closeFar() {
        farIsOpen.withLock { isOpen in
            if isOpen { close(far) }
            isOpen = false
        }
    }

    deinit {
        close(near)
        closeFar()
    }
}
