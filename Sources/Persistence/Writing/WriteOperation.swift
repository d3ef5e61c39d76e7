/// One change that waits for the writer.
struct WriteOperation: Sendable {
    /// What a change came to, before the transaction it is part of has ended.
    enum Attempt {
        /// Done; to be called after the commit.
        case done(committed: @Sendable () -> Void)
        /// Not done; the transaction is to be rolled back.
        case failed(SQLiteError)
    }

    /// Until when the database may be locked by others before the operation fails.
    let deadline: ContinuousClock.Instant
    /// About how many bytes it writes.
    let weight: Int
    /// Makes the change. May be called again after a rollback, so it keeps no state of its own.
    let run: @Sendable (SQLiteConnection) -> Attempt
    /// Called instead of `committed` when the change is not made.
    let failed: @Sendable (SQLiteError) -> Void
}
