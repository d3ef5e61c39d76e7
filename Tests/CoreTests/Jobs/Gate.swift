/// A gate that work waits at until the test opens it.
final class Gate: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation
    init() { (stream, continuation) = AsyncStream<Void>.makeStream() }
    func open() { continuation.finish() }
    /// Returns when opened, or when the waiting task is cancelled.
    func wait() async { for await _ in stream {} }
}
