public import RoostCore

/// How an ``SQLiteJobStore`` behaves.
public struct SQLiteStoreOptions: Sendable {
    /// How long an operation waits for another program's lock; 5 s, as the contract (§10) says.
    public var busyTimeout: Duration
    /// How many connections read; at least 1, 2 unless said otherwise.
    public var readers: Int
    /// Where unwritten ends, failed retries and the like are told.
    public var logger: Logger
    /// How long the writer does nothing before it empties the write-ahead log.
    package var idlePause: Duration = .seconds(1)
    /// How often ends that could not be written are tried again.
    package var retryPause: Duration = .seconds(1)

    /// The defaults suit a server.
    public init(busyTimeout: Duration = .seconds(5), readers: Int = 2, logger: Logger = .silent) {
        self.busyTimeout = busyTimeout
        self.readers = max(1, readers)
        self.logger = logger
    }
}
