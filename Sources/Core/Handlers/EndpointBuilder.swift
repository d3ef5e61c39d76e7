/// Lets endpoints be listed one below the other.
@resultBuilder
public enum EndpointBuilder {
    /// One endpoint.
    public static func buildExpression(_ endpoint: Endpoint) -> [Endpoint] { [endpoint] }
    /// Several that were made elsewhere.
    public static func buildExpression(_ endpoints: [Endpoint]) -> [Endpoint] { endpoints }
    /// The whole list.
    public static func buildBlock(_ parts: [Endpoint]...) -> [Endpoint] { parts.flatMap { $0 } }
    /// `if` without `else`.
    public static func buildOptional(_ part: [Endpoint]?) -> [Endpoint] { part ?? [] }
    /// `if` with `else`.
    public static func buildEither(first: [Endpoint]) -> [Endpoint] { first }
    /// `if` with `else`.
    public static func buildEither(second: [Endpoint]) -> [Endpoint] { second }
    /// `for`.
    public static func buildArray(_ parts: [[Endpoint]]) -> [Endpoint] { parts.flatMap { $0 } }
}
