/// What one job may leave behind, and how many may wait.
public struct JobLimits: Sendable, Equatable {
    /// Jobs of one lane that may wait for their turn; one more is refused with `QUEUE_FULL`. 1000 by default.
    public var maximumWaiting: Int
    /// Bytes kept of standard output and of standard error, each; also of all log messages together. 10 MiB by default.
    public var maximumOutputBytes: Int
    /// Log entries kept. 10,000 by default.
    public var maximumLogEntries: Int
    /// Bytes kept of one log message. 64 KiB by default.
    public var maximumLogEntryBytes: Int

    /// Contract §§1 and 5.
    public init(
        maximumWaiting: Int = 1000, maximumOutputBytes: Int = 10 << 20, maximumLogEntries: Int = 10_000,
        maximumLogEntryBytes: Int = 64 << 10
    ) {
        self.maximumWaiting = maximumWaiting
        self.maximumOutputBytes = maximumOutputBytes
        self.maximumLogEntries = maximumLogEntries
        self.maximumLogEntryBytes = maximumLogEntryBytes
    }
}
