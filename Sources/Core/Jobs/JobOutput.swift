/// What a job wrote, so far or in the end.
public struct JobOutput: Sendable, Equatable {
    /// Standard output, byte for byte, up to the limit.
    public var stdout: [UInt8]
    /// Standard error, byte for byte, up to the limit.
    public var stderr: [UInt8]
    /// Log entries in order, at most 10,000.
    public var logs: [JobLogEntry]
    /// True when standard output or standard error was cut at its limit.
    public var isTruncated: Bool
    /// True when there were more log entries than are kept.
    public var logsAreTruncated: Bool
    /// The result as JSON, or nil for none.
    public var result: JSONText?
    /// True when the result was cut.
    public var resultIsTruncated: Bool
    /// True when the result is a text that stands for a value JSON cannot hold, such as Python's `repr`.
    public var resultIsRepr: Bool
    /// True when the job ran in a session whose earlier state was lost.
    public var sessionWasReset: Bool
    /// True when the job was accepted by a server that died before its turn came, and taken up by the next.
    public var wasResumed: Bool

    /// Puts an output together; empty unless said otherwise.
    public init(
        stdout: [UInt8] = [], stderr: [UInt8] = [], logs: [JobLogEntry] = [], isTruncated: Bool = false,
        logsAreTruncated: Bool = false, result: JSONText? = nil, resultIsTruncated: Bool = false,
        resultIsRepr: Bool = false, sessionWasReset: Bool = false, wasResumed: Bool = false
    ) {
        self.stdout = stdout
        self.stderr = stderr
        self.logs = logs
        self.isTruncated = isTruncated
        self.logsAreTruncated = logsAreTruncated
        self.result = result
        self.resultIsTruncated = resultIsTruncated
        self.resultIsRepr = resultIsRepr
        self.sessionWasReset = sessionWasReset
        self.wasResumed = wasResumed
    }
}
