public import RoostCore

/// One function of a ``HostModule``.
public struct HostFunction: Sendable {
    enum Kind: Sendable {
        /// Answered by the server.
        case call(@Sendable (HostCall) async throws -> JSON)
        /// A log entry of this level; the job does not wait for it.
        case log(JobLogEntry.Level)
    }

    /// Its path in the module: `get_version`, or `SystemLibrary.get_version` for a static method of a class.
    public let name: String
    let kind: Kind

    /// A function that the server answers.
    ///
    /// - Parameters:
    ///   - name: Its path in the module.
    ///   - body: Gets the arguments and gives the result as JSON. It must not block; its task is cancelled when
    ///     the job ends. A ``HostError`` it throws is raised in the job as it is, any other error as a
    ///     `RuntimeError` without the cause, which goes to the log.
    public init(_ name: String, _ body: @escaping @Sendable (HostCall) async throws -> JSON) {
        self.name = name
        kind = .call(body)
    }

    private init(name: String, kind: Kind) {
        self.name = name
        self.kind = kind
    }

    /// A function of one argument whose text becomes an entry of the job's log.
    public static func log(_ name: String, level: JobLogEntry.Level) -> HostFunction {
        HostFunction(name: name, kind: .log(level))
    }
}
