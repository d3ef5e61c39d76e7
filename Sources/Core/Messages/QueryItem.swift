/// One name and value of a query string, decoded.
public struct QueryItem: Sendable, Equatable {
    /// The name.
    public var name: String
    /// The value; empty when there is no `=`.
    public var value: String

    /// Puts an item together.
    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}
