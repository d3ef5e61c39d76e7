internal import Synchronization

/// How many connections are open over all loops, and who waits for there to be none.
final class ConnectionCount: Sendable {
    private struct State {
        var count = 0
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// One more.
    ///
    /// - Returns: How many there are now.
    func add() -> Int {
        state.withLock {
            $0.count += 1
            return $0.count
        }
    }

    func remove() {
        let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.count -= 1
            guard state.count == 0 else { return [] }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    var current: Int { state.withLock { $0.count } }

    func waitForNone() async {
        await withCheckedContinuation { continuation in
            let isNone = state.withLock { state -> Bool in
                guard state.count > 0 else { return true }
                state.waiters.append(continuation)
                return false
            }
            if isNone { continuation.resume() }
        }
    }
}
