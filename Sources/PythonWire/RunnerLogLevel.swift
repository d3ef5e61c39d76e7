/// The level of a log entry, with its byte on the wire.
public enum RunnerLogLevel: UInt8, Sendable, CaseIterable {
    /// Python's `debug` and `info`.
    case info = 0
    /// Python's `warning`.
    case warning = 1
    /// Python's `error` and `critical`.
    case error = 2
}
