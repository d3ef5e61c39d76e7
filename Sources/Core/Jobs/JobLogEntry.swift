/// One line of a job's log.
public struct JobLogEntry: Sendable, Equatable {
    /// How much a line matters.
    public enum Level: String, Sendable, CaseIterable, JSONConvertible {
        /// A line of standard output, or a message for information.
        case info
        /// A warning.
        case warning
        /// A line of standard error, or an error.
        case error
    }

    /// How much it matters.
    public var level: Level
    /// The text, without its newline.
    public var message: String
    /// When it was taken.
    public var timestamp: Timestamp

    /// Puts an entry together.
    public init(level: Level, message: String, timestamp: Timestamp) {
        self.level = level
        self.message = message
        self.timestamp = timestamp
    }
}
