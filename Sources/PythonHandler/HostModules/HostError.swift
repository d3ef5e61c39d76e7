/// An error that a host function raises in the job's Python code.
///
/// Its class is named, so that the code can catch it: a built-in exception, or a class of the function's own module
/// that the module's prelude defines.
public struct HostError: Error, Sendable, Equatable {
    /// Name of the exception class, such as `ValueError`; one that is there under this name neither among the
    /// built-in exceptions nor in the module is raised as `RuntimeError`.
    public let type: String
    /// Its text.
    public let message: String

    /// An exception to raise.
    public init(type: String = "RuntimeError", _ message: String) {
        self.type = type
        self.message = message
    }

    /// A value of the wrong type.
    public static func typeError(_ message: String) -> HostError { HostError(type: "TypeError", message) }
    /// A value of the right type that will not do.
    public static func valueError(_ message: String) -> HostError { HostError(type: "ValueError", message) }
    /// Something that was asked for by name and is not there. Python shows the text of a `KeyError` as a repr;
    /// `LookupError` reads better for a sentence.
    public static func lookupError(_ message: String) -> HostError { HostError(type: "LookupError", message) }
}
