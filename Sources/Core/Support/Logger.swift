/// Where the parts of a server write what happens; the server decides on format and destination.
///
/// Cheap to copy. A call below the level costs one comparison; the message is then never built.
public struct Logger: Sendable {
    /// How much a line matters.
    public enum Level: Int, Sendable, Comparable, CaseIterable {
        /// For those who work on Roost.
        case debug
        /// What an operator wants to see on a good day: one line a request.
        case info
        /// Something is not as it should be; the server goes on.
        case warning
        /// Something failed.
        case error

        /// In the order of severity.
        public static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
    }

    /// One line: level, message, and named values that a JSON log keeps apart.
    public struct Record: Sendable {
        /// How much it matters.
        public var level: Level
        /// For people.
        public var message: String
        /// Such as `request_id`, `job_id`, `status`.
        public var values: JSONObject

        /// Puts a line together.
        public init(level: Level, message: String, values: JSONObject = [:]) {
            self.level = level
            self.message = message
            self.values = values
        }
    }

    /// Lines below it are dropped.
    public let level: Level
    private let sink: @Sendable (Record) -> Void

    /// A logger that gives its lines to `sink`, which must not block for long.
    public init(level: Level, sink: @escaping @Sendable (Record) -> Void) {
        self.level = level
        self.sink = sink
    }

    /// The same logger, with these values on every line.
    public func labelled(_ labels: JSONObject) -> Logger {
        let sink = self.sink
        return Logger(level: level) { record in
            var record = record
            for (name, value) in labels.members { record.values[name] = value }
            sink(record)
        }
    }

    /// Drops everything; for tests.
    public static let silent = Logger(level: .error) { _ in }

    /// Writes one line when `level` is high enough.
    public func log(
        _ level: Level, _ message: @autoclosure () -> String, _ values: @autoclosure () -> JSONObject = [:]
    ) {
        guard level >= self.level else { return }
        sink(Record(level: level, message: message(), values: values()))
    }

    /// A line for those who work on Roost.
    public func debug(_ message: @autoclosure () -> String, _ values: @autoclosure () -> JSONObject = [:]) {
        log(.debug, message(), values())
    }

    /// A line of a good day.
    public func info(_ message: @autoclosure () -> String, _ values: @autoclosure () -> JSONObject = [:]) {
        log(.info, message(), values())
    }

    /// A line about something that is not as it should be.
    public func warning(_ message: @autoclosure () -> String, _ values: @autoclosure () -> JSONObject = [:]) {
        log(.warning, message(), values())
    }

    /// A line about a failure.
    public func error(_ message: @autoclosure () -> String, _ values: @autoclosure () -> JSONObject = [:]) {
        log(.error, message(), values())
    }
}
