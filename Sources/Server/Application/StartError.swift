/// Why a server could not start; the process exits with 1 after this line.
public struct StartError: Error, Sendable, CustomStringConvertible {
    /// One line: what is wrong and what to do.
    public let description: String

    /// Names the reason.
    public init(_ description: String) { self.description = description }
}
