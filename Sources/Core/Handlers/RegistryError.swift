/// A declaration that the registry refuses, with who made it and where.
public struct RegistryError: Error, Sendable, Equatable, CustomStringConvertible {
    /// One line for the handler's author.
    public let description: String

    init(_ description: String) { self.description = description }
}
