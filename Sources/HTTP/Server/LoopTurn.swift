internal import Synchronization

/// Gives accepted connections to the server's loops in turn.
///
/// The kernel wakes any loop for a new connection, often the same one again; connections live long, so the loop
/// that happened to wake must not keep them all.
final class LoopTurn: Sendable {
    private let workers: [ServerLoop]
    private let turn = Atomic<UInt>(0)

    init(_ workers: [ServerLoop]) { self.workers = workers }

    func next() -> ServerLoop {
        workers[Int(turn.wrappingAdd(1, ordering: .relaxed).oldValue % UInt(workers.count))]
    }
}
