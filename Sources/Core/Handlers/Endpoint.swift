/// One method on one path, with its parameters and what it does.
///
/// The path is relative to the handler's base path and begins with `/`. A segment `{name}` matches any one
/// segment and is read through a ``PathParameter`` of that name, which the endpoint must declare.
public struct Endpoint: Sendable {
    /// The method; a GET also answers HEAD.
    public let method: HTTPMethod
    /// Such as `/count` or `/note/{id}`.
    public let path: String
    /// For people; shown in `/handlers`.
    public let description: String
    /// In the order in which they are checked.
    public let parameters: [any ParameterDeclaration]
    /// The work. Runs on the connection's event loop, so it must not block; it may await.
    public let handle: @Sendable (Request) async throws -> Response

    /// Declares an endpoint.
    ///
    /// - Parameters:
    ///   - method: The method; GET also answers HEAD.
    ///   - path: Below the handler's base path; a segment in braces, as in `/item/{id}`, is a parameter.
    ///   - description: For people; shown in `/handlers`.
    ///   - parameters: What is checked before the work begins, in this order.
    ///   - handle: The work. Throws ``APIError`` or ``APIFailure`` for an answer of its own; anything else is logged
    ///     and answered with `SERVER_ERROR` (500).
    public init(
        _ method: HTTPMethod, _ path: String, _ description: String,
        _ parameters: any ParameterDeclaration...,
        handle: @escaping @Sendable (Request) async throws -> Response
    ) {
        self.method = method
        self.path = path
        self.description = description
        self.parameters = parameters
        self.handle = handle
    }

    /// True when the body is read as a JSON object.
    public var readsBody: Bool { parameters.contains { $0.location == .body } }
}
