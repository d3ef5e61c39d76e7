/// A command line that cannot be carried out; the process exits with 2.
public struct UsageError: Error, Sendable, Equatable, CustomStringConvertible {
    /// One line: what is wrong and what would be right.
    public let description: String

    init(_ description: String) { self.description = description }
}
