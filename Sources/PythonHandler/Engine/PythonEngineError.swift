/// Why an engine cannot run.
public struct PythonEngineError: Error, Sendable, Equatable, CustomStringConvertible {
    /// One sentence for the operator: what failed, and what to do.
    public let description: String

    init(_ description: String) { self.description = description }
}
