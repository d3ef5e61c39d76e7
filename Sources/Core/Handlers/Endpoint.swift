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
    /// What it does.
    package let work: Work

    /// The two kinds of work; both run on the connection's event loop, so neither may block.
    package enum Work: Sendable {
        /// Answers at once; costs no task.
        case immediate(@Sendable (Request) throws -> Response)
        /// May await.
        case asynchronous(@Sendable (Request) async throws -> Response)
    }

    /// Declares an endpoint.
    ///
    /// - Parameters:
    ///   - method: The method; GET also answers HEAD.
    ///   - path: Below the handler's base path; a segment in braces, as in `/item/{id}`, is a parameter.
    ///   - description: For people; shown in `/handlers`.
    ///   - parameters: What is checked before the work begins, in this order.
    ///   - handle: The work; it may await and must not block. Throws ``APIError`` or ``APIFailure`` for an answer of
    ///     its own; anything else is logged and answered with `SERVER_ERROR` (500).
    public init(
        _ method: HTTPMethod, _ path: String, _ description: String,
        _ parameters: any ParameterDeclaration...,
        handle: @escaping @Sendable (Request) async throws -> Response
    ) {
        self.init(method, path, description, parameters, .asynchronous(handle))
    }

    /// Declares an endpoint whose work awaits nothing: the compiler takes this one for a closure without `await`, and
    /// the server then answers without making a task.
    ///
    /// - Parameters:
    ///   - method: The method; GET also answers HEAD.
    ///   - path: Below the handler's base path; a segment in braces, as in `/item/{id}`, is a parameter.
    ///   - description: For people; shown in `/handlers`.
    ///   - parameters: What is checked before the work begins, in this order.
    ///   - handle: The work; must not block. Throws as above.
    public init(
        _ method: HTTPMethod, _ path: String, _ description: String,
        _ parameters: any ParameterDeclaration...,
        handle: @escaping @Sendable (Request) throws -> Response
    ) {
        self.init(method, path, description, parameters, .immediate(handle))
    }

    /// Declares an endpoint whose parameters are a list that others have, too; else as the first.
    package init(
        _ method: HTTPMethod, _ path: String, _ description: String,
        _ parameters: [any ParameterDeclaration],
        handle: @escaping @Sendable (Request) async throws -> Response
    ) {
        self.init(method, path, description, parameters, .asynchronous(handle))
    }

    private init(
        _ method: HTTPMethod, _ path: String, _ description: String,
        _ parameters: [any ParameterDeclaration], _ work: Work
    ) {
        self.method = method
        self.path = path
        self.description = description
        self.parameters = parameters
        self.work = work
    }

    /// True when the body is read as a JSON object.
    public var readsBody: Bool { parameters.contains { $0.location == .body } }
}
