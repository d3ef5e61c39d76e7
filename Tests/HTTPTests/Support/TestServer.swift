import RoostCore
import RoostEventLoop
import RoostHTTP
import Synchronization

/// A server on a free port for the time of one test.
struct TestServer: Sendable {
    let server: HTTPServer
    let port: Int

    /// Runs `body` on a thread of its own, where it may block.
    static func run(
        _ service: any HTTPService = TestService(), options: HTTPOptions = HTTPOptions(),
        loops count: Int = 1,
        addresses: [String] = ["127.0.0.1"], onExchange: (@Sendable (Exchange) -> Void)? = nil,
        _ body: @escaping @Sendable (TestServer) throws -> Void
    ) async throws {
        let loops = try EventLoopGroup(count: count, name: "test")
        try loops.start()
        let server = HTTPServer(
            service: service, options: options, loops: loops, logger: .silent, onExchange: onExchange)
        let port = try server.bind(addresses: addresses, port: 0)
        try await server.start()
        let result = await onThread { Result { try body(TestServer(server: server, port: port)) } }
        await server.stop()
        await server.awaitDrained()
        loops.stopAndJoin()
        try result.get()
    }

    func connect(_ address: String = "127.0.0.1") throws -> BlockingClient {
        try BlockingClient(address: address, port: port)
    }
}

/// Runs blocking code on a thread that nobody else needs.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    let thread = try! EventLoop(name: "blocking")
    try! thread.start()
    let value = await withCheckedContinuation { continuation in
        thread.execute { continuation.resume(returning: body()) }
    }
    thread.stop()
    thread.join()
    return value
}

/// Something that a test waits for, with a deadline.
final class Signal: Sendable {
    private let state = Mutex<(fired: Bool, waiters: [CheckedContinuation<Void, Never>])>((false, []))

    func fire() {
        let waiters = state.withLock { state in
            state.fired = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    var hasFired: Bool { state.withLock { $0.fired } }

    func wait() async {
        await withCheckedContinuation { continuation in
            let fired = state.withLock { state -> Bool in
                if !state.fired { state.waiters.append(continuation) }
                return state.fired
            }
            if fired { continuation.resume() }
        }
    }
}

/// Waits, on a plain thread, until `condition` holds; false after a minute, which only a hang reaches.
func eventually(_ condition: () -> Bool) -> Bool {
    let end = MonotonicTime.now() + .seconds(60)
    while !condition() {
        guard MonotonicTime.now() < end else { return false }
        pauseBriefly()
    }
    return true
}
