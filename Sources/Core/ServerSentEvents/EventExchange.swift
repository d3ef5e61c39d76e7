import Synchronization

/// Where the task that pulls events and the one that sends them meet: one event at a time, and comments in between.
final class EventExchange: Sendable {
    enum Delivery {
        case event([UInt8])
        case end
        case failure(any Error)
    }

    private struct State {
        /// Pulled and not yet asked for; at most one.
        var delivery: Delivery?
        var consumer: CheckedContinuation<Void, Never>?
        var producer: CheckedContinuation<Void, Never>?
        var isCancelled = false
        /// When bytes were last given out.
        var lastDelivery = ContinuousClock.now
        var beats = false
    }

    private let state = Mutex(State())

    /// The next bytes: an event's, or a comment's when none has come for as long as the heartbeat.
    ///
    /// - Throws: What the source threw, or `CancellationError`.
    func next() async throws -> [UInt8]? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    guard state.delivery == nil, !state.beats, !state.isCancelled else { return true }
                    state.consumer = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            state.withLock { state in
                state.isCancelled = true
                return state.consumer.take()
            }?.resume()
        }
        let (delivery, producer) = state.withLock { state in
            state.beats = false
            state.lastDelivery = .now
            return (state.delivery.take(), state.producer.take())
        }
        producer?.resume()
        switch delivery {
        case .event(let bytes)?: return bytes
        case .end?: return nil
        case .failure(let error)?: throw error
        case nil:
            try Task.checkCancellation()
            return ServerSentEvent(comment: "").serialized
        }
    }

    /// Lets a comment through when nothing has been given out for as long as the heartbeat.
    ///
    /// - Returns: When to look again.
    func beat(_ heartbeat: Duration) -> ContinuousClock.Instant {
        let now = ContinuousClock.now
        let (due, consumer) = state.withLock {
            state -> (ContinuousClock.Instant, CheckedContinuation<Void, Never>?) in
            guard state.lastDelivery + heartbeat <= now else { return (state.lastDelivery + heartbeat, nil) }
            state.beats = true
            return (now + heartbeat, state.consumer.take())
        }
        consumer?.resume()
        return due
    }

    /// Hands one delivery over and waits until it has been taken; false when nobody wants more.
    func offer(_ delivery: Delivery) async -> Bool {
        let consumer = state.withLock { state in
            state.delivery = delivery
            return state.consumer.take()
        }
        consumer?.resume()
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isTaken = state.withLock { state in
                    guard state.delivery != nil, !state.isCancelled, !Task.isCancelled else { return true }
                    state.producer = continuation
                    return false
                }
                if isTaken { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.producer.take() }?.resume()
        }
        return !Task.isCancelled && !state.withLock { $0.isCancelled }
    }
}
