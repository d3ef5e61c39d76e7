/// Lets functions be listed one below the other.
@resultBuilder
public enum HostModuleBuilder {
    /// One function.
    public static func buildExpression(_ function: HostFunction) -> [HostFunction] { [function] }
    /// Several that were made elsewhere.
    public static func buildExpression(_ functions: [HostFunction]) -> [HostFunction] { functions }
    /// The whole list.
    public static func buildBlock(_ parts: [HostFunction]...) -> [HostFunction] { parts.flatMap { $0 } }
    /// `if` without `else`.
    public static func buildOptional(_ part: [HostFunction]?) -> [HostFunction] { part ?? [] }
    /// `if` with `else`.
    public static func buildEither(first: [HostFunction]) -> [HostFunction] { first }
    /// `if` with `else`.
    public static func buildEither(second: [HostFunction]) -> [HostFunction] { second }
    /// `for`.
    public static func buildArray(_ parts: [[HostFunction]]) -> [HostFunction] { parts.flatMap { $0 } }
}
