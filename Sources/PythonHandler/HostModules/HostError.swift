/// An error that is raised in the job's Python code.
public struct HostError: Error, Sendable, Equatable {
    /// Name of a built-in exception class, such as `ValueError`; any other name is raised as `RuntimeError`.
    public let type: String
    /// Its text.
    public let message: String

    /// An exception to raise.
    public init(type: String = "RuntimeError", _ message: String) {
        self.type = type
        self.message = message
    }
}
