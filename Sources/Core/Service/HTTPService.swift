/// What an HTTP server serves: asked twice a request, first with the head alone, then with the body.
///
/// The first question lets a request be refused before its body is sent (RFC 9110 §10.1.1); the answer to it
/// also bounds the body.
public protocol HTTPService: Sendable {
    /// Decides on the head alone; must not block.
    func admit(_ head: RequestHead, from client: ClientAddress) -> Admission

    /// Answers a request that was admitted at once, on the connection's event loop, where nothing has to be waited
    /// for; nil hands it to ``respond(to:)``. Must not block. Nil unless a service says otherwise.
    func answer(_ incoming: IncomingRequest) -> Response?

    /// Answers a request that was admitted. Runs on the connection's event loop; never throws, since every error has its answer.
    func respond(to incoming: IncomingRequest) async -> Response
}

extension HTTPService {
    /// Hands everything to ``respond(to:)``.
    public func answer(_ incoming: IncomingRequest) -> Response? { nil }
}
