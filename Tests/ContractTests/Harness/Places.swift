import Synchronization

/// How many servers the whole target runs at once, so that time limits mean something on a small machine.
final class Places: Sendable {
    static let shared = Places(4)

    private struct State {
        var free: Int
        var waiting: [(count: Int, resume: CheckedContinuation<Void, Never>)] = []
    }
    private let state: Mutex<State>

    init(_ count: Int) { state = Mutex(State(free: count)) }

    /// Whether this task, a test or the suite around it, holds places already.
    @TaskLocal private static var isHolding = false

    /// Runs the body while it holds this many places.
    ///
    /// Whoever holds places gets more without waiting: a test that starts a server of its own beside its suite's
    /// would otherwise wait for others that wait for it.
    func hold<Value>(_ count: Int = 1, _ body: () async throws -> Value) async rethrows -> Value {
        if Self.isHolding { return try await body() }
        await take(count)
        defer { giveBack(count) }
        return try await Self.$isHolding.withValue(true) { try await body() }
    }

    private func take(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let resume = state.withLock { state in
                if state.waiting.isEmpty, state.free >= count {
                    state.free -= count
                    return true
                }
                state.waiting.append((count, continuation))
                return false
            }
            if resume { continuation.resume() }
        }
    }

    private func giveBack(_ count: Int) {
        let ready = state.withLock { state in
            state.free += count
            var ready: [CheckedContinuation<Void, Never>] = []
            while let next = state.waiting.first, state.free >= next.count {
                state.free -= next.count
                ready.append(next.resume)
                state.waiting.removeFirst()
            }
            return ready
        }
        for continuation in ready { continuation.resume() }
    }
}
