/// A response body that is produced while it is sent: any asynchronous sequence of byte chunks.
///
/// The server asks for the next chunk only when the one before has gone to the socket, so a slow reader slows
/// the producer instead of filling memory. Leaving early (the client went away) cancels the task that iterates.
public struct BodyStream: Sendable {
    private let makeNext: @Sendable () -> Iterator

    /// Wraps a sequence; it is iterated once.
    public init<Chunks: AsyncSequence & Sendable>(_ chunks: Chunks) where Chunks.Element == [UInt8] {
        makeNext = { Iterator(chunks.makeAsyncIterator()) }
    }

    /// Starts the iteration.
    public func makeIterator() -> Iterator { makeNext() }

    /// The running iteration; belongs to one task.
    public struct Iterator {
        private var advance: () async throws -> [UInt8]?

        init<Base: AsyncIteratorProtocol>(_ base: Base) where Base.Element == [UInt8] {
            var base = base
            advance = { try await base.next() }
        }

        /// The next chunk, or nil at the end.
        ///
        /// - Throws: What the wrapped sequence throws; the connection is then cut so that the client sees that
        ///   the body is not whole.
        public mutating func next() async throws -> [UInt8]? { try await advance() }
    }
}
