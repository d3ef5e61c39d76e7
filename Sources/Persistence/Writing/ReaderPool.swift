/// A few connections that only read, each on a thread of its own; whichever is free takes the next question.
final class ReaderPool: Sendable {
    private typealias Question = @Sendable (SQLiteConnection) -> Void
    private let mailbox = Mailbox<Question>()

    /// Asks; returns with the answer.
    ///
    /// - Parameter body: Must not write.
    /// - Returns: What `body` returned.
    /// - Throws: ``SQLiteError``.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (SQLiteConnection) throws(SQLiteError) -> Value
    ) async throws(SQLiteError) -> Value {
        let result: Result<Value, SQLiteError> = await withCheckedContinuation { continuation in
            let question: Question = { connection in
                continuation.resume(returning: Result { () throws(SQLiteError) in try body(connection) })
            }
            if !mailbox.put(question) { continuation.resume(returning: .failure(.closed)) }
        }
        return try result.get()
    }

    /// Takes no more questions; the threads end when all are answered.
    func close() { mailbox.close() }

    /// The life of one thread, until ``close()``.
    func run(_ connection: SQLiteConnection) {
        while true {
            let taken = mailbox.take(atMost: 1, wait: nil)
            if taken.isOver { return }
            for question in taken.elements { question(connection) }
        }
    }
}
