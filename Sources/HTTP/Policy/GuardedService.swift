public import RoostCore

/// A service behind an ``OriginPolicy``: refuses by host and origin and answers preflights before the service
/// sees anything, and adds the CORS fields for origins that were allowed.
public struct GuardedService: HTTPService {
    private let service: any HTTPService
    private let policy: OriginPolicy

    /// Puts `policy` before `service`.
    public init(_ service: any HTTPService, policy: OriginPolicy) {
        self.service = service
        self.policy = policy
    }

    /// Refuses with `FORBIDDEN` (403), answers a preflight, or asks the service.
    public func admit(_ head: RequestHead, from client: ClientAddress) -> Admission {
        switch policy.judge(head, serverPort: client.serverPort) {
        case .refuse(let reason):
            return .respond(marked(APIFailure(.forbidden, message: reason).response, crossOrigin: nil))
        case .answerPreflight(let origin):
            return .respond(marked(preflight(head), crossOrigin: origin))
        case .serve(let crossOrigin):
            let admission = service.admit(head, from: client)
            guard policy.hasAllowedOrigins, case .respond(let response) = admission else { return admission }
            return .respond(marked(response, crossOrigin: crossOrigin))
        }
    }

    /// The service's answer, if it has one at once.
    public func answer(_ incoming: IncomingRequest) -> Response? {
        guard let response = service.answer(incoming) else { return nil }
        guard policy.hasAllowedOrigins else { return response }
        return marked(response, crossOrigin: policy.crossOrigin(of: incoming.head))
    }

    /// The service's answer, with the CORS fields where they belong.
    public func respond(to incoming: IncomingRequest) async -> Response {
        let response = await service.respond(to: incoming)
        guard policy.hasAllowedOrigins else { return response }
        return marked(response, crossOrigin: policy.crossOrigin(of: incoming.head))
    }

    /// What an allowed origin may send (Fetch §3.3): any method, and the fields it asks for.
    private func preflight(_ head: RequestHead) -> Response {
        var response = Response.noContent
        response.fields.append("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")
        if let asked = head.fields["Access-Control-Request-Headers"] {
            response.fields.append("Access-Control-Allow-Headers", asked)
        }
        if head.fields["Access-Control-Request-Private-Network"] == "true" {
            response.fields.append("Access-Control-Allow-Private-Network", "true")
        }
        response.fields.append("Access-Control-Max-Age", "600")
        return response
    }

    private func marked(_ response: Response, crossOrigin: String?) -> Response {
        guard policy.hasAllowedOrigins else { return response }
        var response = response
        // Also where the origin is not allowed: a cache must not give this answer to another origin.
        response.fields.append("Vary", "Origin")
        if let crossOrigin {
            response.fields.append("Access-Control-Allow-Origin", crossOrigin)
            response.fields.append("Access-Control-Expose-Headers", "Allow, Location, Retry-After")
        }
        return response
    }
}
