/// Pulls events in a task of its own, so that a comment can be sent while an event takes its time.
///
/// The tasks hold the exchange and not the pump: it goes with the iterator that owns it, and ends them.
final class EventPump: Sendable {
    private let exchange = EventExchange()
    private let tasks: [Task<Void, Never>]

    init<Events: AsyncSequence & Sendable>(_ events: Events, heartbeat: Duration)
    where Events.Element == ServerSentEvent {
        let exchange = exchange
        // A heartbeat of nothing would keep a core busy with comments.
        let heartbeat = max(heartbeat, .milliseconds(10))
        let source = Task {
            do {
                var iterator = events.makeAsyncIterator()
                while let event = try await iterator.next() {
                    guard await exchange.offer(.event(event.serialized)) else {
                        // A sequence learns only inside `next()` that nobody wants more: an `AsyncStream` whose
                        // continuation is still held would never call `onTermination`.
                        _ = try? await iterator.next()
                        return
                    }
                }
                _ = await exchange.offer(.end)
            } catch {
                _ = await exchange.offer(.failure(error))
            }
        }
        let heart = Task {
            // One timer for the stream, not one for each event: it sleeps until the last delivery is old enough.
            while !Task.isCancelled {
                try? await Task.sleep(until: exchange.beat(heartbeat), clock: .continuous)
            }
        }
        tasks = [source, heart]
    }

    deinit {
        for task in tasks { task.cancel() }
    }

    /// The next bytes.
    ///
    /// - Throws: What the source threw, or `CancellationError`.
    func next() async throws -> [UInt8]? { try await exchange.next() }
}
