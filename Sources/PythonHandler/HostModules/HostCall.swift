public import RoostCore

/// One call of a ``HostFunction`` from a job.
public struct HostCall: Sendable {
    /// The function's path in its module.
    public let function: String
    /// The job that calls.
    public let job: JobID
    /// Arguments without a name, in order.
    public let positional: [JSON]
    /// Arguments with a name.
    public let keywords: JSONObject
    private let sink: @Sendable (JobLogEntry.Level, String) -> Void

    /// Puts a call together; public so that a module can be tested without a job.
    ///
    /// - Parameters:
    ///   - function: The function's path in its module.
    ///   - job: The job that calls.
    ///   - positional: Arguments without a name.
    ///   - keywords: Arguments with a name.
    ///   - log: Gets what the function writes to the job's log.
    public init(
        function: String, job: JobID, positional: [JSON] = [], keywords: JSONObject = [:],
        log: @escaping @Sendable (JobLogEntry.Level, String) -> Void = { _, _ in }
    ) {
        self.function = function
        self.job = job
        self.positional = positional
        self.keywords = keywords
        sink = log
    }

    /// Adds an entry to the job's log.
    public func log(_ level: JobLogEntry.Level, _ message: String) { sink(level, message) }

    /// An argument that has to be there.
    ///
    /// - Parameters:
    ///   - index: Its place when it comes without a name.
    ///   - name: Its name.
    ///   - type: What it has to be.
    /// - Returns: The argument.
    /// - Throws: ``HostError`` of type `TypeError` when it is missing or of another type.
    public func argument<Value: ParameterValue>(
        _ index: Int, _ name: String, as type: Value.Type = Value.self
    ) throws(HostError) -> Value {
        guard let json = find(index, name) else {
            throw HostError(type: "TypeError", "\(function)() missing required argument: '\(name)'")
        }
        return try read(json, name)
    }

    /// An argument that may be absent.
    ///
    /// - Parameters:
    ///   - index: Its place when it comes without a name.
    ///   - name: Its name.
    ///   - fallback: Used when it is absent.
    /// - Returns: The argument, or the fallback.
    /// - Throws: ``HostError`` of type `TypeError` when it is of another type.
    public func argument<Value: ParameterValue>(
        _ index: Int, _ name: String, default fallback: Value
    ) throws(HostError) -> Value {
        guard let json = find(index, name) else { return fallback }
        return try read(json, name)
    }

    /// Refuses arguments beyond those that the function knows.
    ///
    /// - Throws: ``HostError`` of type `TypeError` when there are more.
    public func expectAtMost(_ count: Int) throws(HostError) {
        let given = positional.count + keywords.members.count
        guard given > count else { return }
        throw HostError(
            type: "TypeError",
            "\(function)() takes \(count) argument\(count == 1 ? "" : "s") but \(given) were given")
    }

    private func find(_ index: Int, _ name: String) -> JSON? {
        positional.indices.contains(index) ? positional[index] : keywords[name]
    }

    private func read<Value: ParameterValue>(_ json: JSON, _ name: String) throws(HostError) -> Value {
        guard let value = Value(json: json) else {
            throw HostError(
                type: "TypeError", "\(function)() argument '\(name)' must be \(Value.typeDescription)")
        }
        return value
    }
}
