import RoostCore
import Synchronization

/// The one connection that writes, on a thread of its own.
///
/// Group commit: all operations that wait are written in one transaction, so that many callers share the cost of
/// one commit, and they are told after it. An operation that fails takes nobody with it: the transaction is undone
/// and each operation gets one of its own.
final class Writer: Sendable {
    /// Bounds of one transaction: operations, and bytes after which no further one is added.
    private static let maximumOperations = 256
    private static let maximumBytes = 8 << 20

    private let mailbox = Mailbox<WriteOperation>()
    private let busyTimeout: Duration
    private let idlePause: Duration
    private let retryPause: Duration
    /// Called on the writer's thread about every `retryPause` while it returns true, meaning that something is
    /// left to be written; the first time after an operation failed.
    private let retry: @Sendable (Writer, SQLiteConnection) -> Bool
    /// Called on the writer's thread some time after a change, and again while it returns true, meaning that there is more to
    /// be done: at once when nobody waits, else between rests.
    private let afterwards: @Sendable (Writer, SQLiteConnection) -> Bool
    private let afterwardsPause: Duration
    private let commitFigures = Mutex(CommitFigures())

    /// How many transactions were committed, and how large they were.
    var figures: CommitFigures { commitFigures.withLock(\.self) }

    init(
        options: SQLiteStoreOptions, retry: @escaping @Sendable (Writer, SQLiteConnection) -> Bool,
        afterwards: @escaping @Sendable (Writer, SQLiteConnection) -> Bool
    ) {
        busyTimeout = options.busyTimeout
        idlePause = options.idlePause
        retryPause = options.retryPause
        afterwardsPause = options.indexPause
        self.retry = retry
        self.afterwards = afterwards
    }

    /// Has the writer make a change; returns after the commit.
    ///
    /// - Parameters:
    ///   - weight: About how many bytes it writes.
    ///   - onFailure: Called on the writer's thread before the caller learns of a failure.
    ///   - body: The change. May run twice, the first time undone.
    /// - Returns: What `body` returned.
    /// - Throws: ``SQLiteError``; nothing is then written.
    func write<Value: Sendable>(
        weight: Int = 0, onFailure: (@Sendable (SQLiteError) -> Void)? = nil,
        _ body: @escaping @Sendable (SQLiteConnection) throws(SQLiteError) -> Value
    ) async throws(SQLiteError) -> Value {
        let deadline = ContinuousClock.now + busyTimeout
        let result: Result<Value, SQLiteError> = await withCheckedContinuation { continuation in
            let failed: @Sendable (SQLiteError) -> Void = { error in
                onFailure?(error)
                continuation.resume(returning: .failure(error))
            }
            let operation = WriteOperation(
                deadline: deadline, weight: weight,
                run: { connection in
                    do throws(SQLiteError) {
                        let value = try body(connection)
                        return .done { continuation.resume(returning: .success(value)) }
                    } catch {
                        return .failed(error)
                    }
                }, failed: failed)
            if !mailbox.put(operation) { failed(.closed) }
        }
        return try result.get()
    }

    /// Takes nothing more in; the thread ends when everything taken is written.
    func close() { mailbox.close() }

    /// The life of the thread, until ``close()``.
    ///
    /// - Parameters:
    ///   - connection: To the database.
    ///   - path: Where that is.
    func run(_ connection: SQLiteConnection, path: String) {
        var logLimit = LogLimit(database: path)
        var hasLog = true
        var nextRetry: ContinuousClock.Instant?
        // What the last server left undone.
        var nextAfterwards: ContinuousClock.Instant? = .now
        while true {
            let now = ContinuousClock.now
            let retryWait = nextRetry.map { max(.zero, now.duration(to: $0)) }
            let afterwardsWait = nextAfterwards.map { max(.zero, now.duration(to: $0)) }
            let idleWait = hasLog ? idlePause : nil
            let taken = mailbox.take(
                atMost: Self.maximumOperations, weight: Self.maximumBytes, weigh: \.weight,
                wait: [retryWait, afterwardsWait, idleWait].compactMap(\.self).min())
            if taken.isOver { break }
            if !taken.elements.isEmpty {
                hasLog = true
                if !write(taken.elements, on: connection), nextRetry == nil { nextRetry = .now + retryPause }
                if nextAfterwards == nil { nextAfterwards = .now + afterwardsPause }
                logLimit.keep(connection)
            } else if hasLog, nextAfterwards == nil, retryWait.map({ $0 > .zero }) ?? true {
                // Nobody waits: a good time to empty the log. What fails here is tried again after the next write.
                try? connection.emptyLog()
                hasLog = false
            }
            if let due = nextRetry, due <= .now {
                nextRetry = retry(self, connection) ? .now + retryPause : nil
                hasLog = true
            }
            if let due = nextAfterwards, due <= .now {
                let hasMore = afterwards(self, connection)
                nextAfterwards =
                    hasMore ? .now + (taken.elements.isEmpty ? .zero : afterwardsPause / 10) : nil
                hasLog = true
            }
        }
        _ = retry(self, connection)
        try? connection.emptyLog()
    }

    /// Writes all of a batch, or each operation on its own.
    ///
    /// - Returns: False when one failed.
    private func write(_ batch: [WriteOperation], on connection: SQLiteConnection) -> Bool {
        let deadline = batch.map(\.deadline).min() ?? .now
        if let error = begin(before: deadline, on: connection) {
            guard error.isBusy else {
                for operation in batch { operation.failed(error) }
                return false
            }
            // Whoever came later has some time left.
            let time = ContinuousClock.now
            mailbox.putBack(batch.filter { $0.deadline > time })
            let late = batch.filter { $0.deadline <= time }
            for operation in late { operation.failed(error) }
            return late.isEmpty
        }
        var committed: [@Sendable () -> Void] = []
        committed.reserveCapacity(batch.count)
        var failure: SQLiteError?
        for operation in batch {
            switch operation.run(connection) {
            case .done(let tell):
                committed.append(tell)
                continue
            case .failed(let error): failure = error
            }
            break
        }
        if failure == nil { failure = commit(connection, changes: batch.count) }
        guard let failure else {
            for tell in committed { tell() }
            return true
        }
        connection.rollback()
        if batch.count == 1 {
            batch[0].failed(failure)
            return false
        }
        var allWritten = true
        for operation in batch where !write([operation], on: connection) { allWritten = false }
        return allWritten
    }

    /// A transaction of its own for work that is already on the writer's thread.
    ///
    /// - Returns: Nil when it was committed.
    func transaction(
        _ connection: SQLiteConnection, within wait: Duration, _ body: () throws(SQLiteError) -> Void
    ) -> SQLiteError? {
        if let error = begin(before: .now + wait, on: connection) { return error }
        do throws(SQLiteError) { try body() } catch {
            connection.rollback()
            return error
        }
        guard let error = commit(connection, changes: 1) else { return nil }
        connection.rollback()
        return error
    }

    private func begin(before deadline: ContinuousClock.Instant, on connection: SQLiteConnection)
        -> SQLiteError?
    {
        let wait = max(.milliseconds(10), ContinuousClock.now.duration(to: deadline))
        connection.setBusyTimeout(milliseconds: wait.wholeMilliseconds)
        do throws(SQLiteError) {
            try connection.execute("BEGIN IMMEDIATE")
            return nil
        } catch {
            return error
        }
    }

    private func commit(_ connection: SQLiteConnection, changes: Int) -> SQLiteError? {
        do throws(SQLiteError) {
            try connection.execute("COMMIT")
            commitFigures.withLock { $0.add(changes: changes) }
            return nil
        } catch {
            return error
        }
    }
}
