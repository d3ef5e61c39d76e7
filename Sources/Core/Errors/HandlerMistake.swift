/// A bug in a handler's own code; answered as `SERVER_ERROR` with the text in the log only.
public struct HandlerMistake: Error, Sendable, CustomStringConvertible {
    /// What is wrong, for the handler's author.
    public let description: String

    /// Names the mistake.
    public init(_ description: String) { self.description = description }
}
