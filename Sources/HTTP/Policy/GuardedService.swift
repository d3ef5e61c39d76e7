public import RoostCore

/// A service behind a guard, which asks in this order (contract §4): host and origin (403), preflight, key (401), rate
/// (429). Only then the service sees the request. It also adds the CORS fields for origins that were allowed.
///
/// `/api/v1/health` needs no key and has no rate: whoever watches the server has to be able to.
public struct GuardedService: HTTPService {
    private static let open = HandlerRegistry.defaultMount + "/health"

    private let service: any HTTPService
    private let policy: OriginPolicy
    private let keys: APIKeys?
    private let limiter: RateLimiter?

    /// Puts a guard before `service`.
    ///
    /// - Parameters:
    ///   - service: What is guarded.
    ///   - policy: Which hosts and origins may be named.
    ///   - keys: Who may call; nil for everybody.
    ///   - limiter: How often each client may call, by its key's name or else its address; nil for no limit.
    public init(
        _ service: any HTTPService, policy: OriginPolicy, keys: APIKeys? = nil, limiter: RateLimiter? = nil
    ) {
        self.service = service
        self.policy = policy
        self.keys = keys
        self.limiter = limiter
    }

    /// Refuses with `FORBIDDEN` (403), `UNAUTHORIZED` (401) or `QUEUE_FULL` (429, `details.limit` `"rate"`), answers a
    /// preflight, or asks the service.
    public func admit(_ head: RequestHead, from client: ClientAddress) -> Admission {
        switch policy.judge(head, serverPort: client.serverPort) {
        case .refuse(let reason):
            return .respond(marked(APIFailure(.forbidden, message: reason).response, crossOrigin: nil))
        case .answerPreflight(let origin):
            return .respond(marked(preflight(head), crossOrigin: origin))
        case .serve(let crossOrigin):
            var name: String?
            var fields = HTTPFields()
            if keys != nil || limiter != nil, !Self.isOpen(head.target) {
                name = keys?.client(of: head)
                // Guesses of keys are counted by address, as is everybody where there are no keys.
                let standing = limiter?.take(name.map { "key " + $0 } ?? client.host, at: .now)
                if let limiter, let standing { limiter.addFields(standing, to: &fields) }
                if let standing, !standing.isWithin {
                    return .respond(marked(tooMany(standing, fields, name), crossOrigin: crossOrigin))
                }
                if keys != nil, name == nil {
                    return .respond(marked(unauthorized(head, fields), crossOrigin: crossOrigin))
                }
            }
            switch service.admit(head, from: client) {
            case .respond(let response):
                return .respond(finished(response, name, fields, crossOrigin: crossOrigin))
            case .proceed(var ticket, let maximumBody):
                ticket.clientName = name
                ticket.responseFields = fields
                return .proceed(ticket: ticket, maximumBody: maximumBody)
            }
        }
    }

    /// The service's answer, if it has one at once.
    public func answer(_ incoming: IncomingRequest) -> Response? {
        guard let response = service.answer(incoming) else { return nil }
        return finished(response, incoming)
    }

    /// The service's answer, with the fields that belong to it.
    public func respond(to incoming: IncomingRequest) async -> Response {
        finished(await service.respond(to: incoming), incoming)
    }

    // MARK: Refusals

    private static func isOpen(_ target: String) -> Bool {
        guard target.utf8.starts(with: open.utf8) else { return false }
        let rest = target.utf8.dropFirst(open.utf8.count)
        return rest.isEmpty || rest.first == UInt8(ascii: "?")
    }

    /// RFC 6750 §3: a challenge, and the reason when a key was sent.
    private func unauthorized(_ head: RequestHead, _ fields: HTTPFields) -> Response {
        let isSent = APIKeys.isAnyPresent(in: head)
        let message =
            isSent
            ? "This API key is not valid here"
            : "An API key is required, as 'x-api-key: KEY' or 'Authorization: Bearer KEY'"
        let challenge = #"Bearer realm="roost""# + (isSent ? #", error="invalid_token""# : "")
        var response = APIError.unauthorized(message).with(field: "WWW-Authenticate", challenge).response
        response.fields.append(contentsOf: fields)
        return response
    }

    private func tooMany(
        _ standing: RateLimiter.Standing, _ fields: HTTPFields, _ name: String?
    ) -> Response {
        let quota = limiter?.quota ?? 0
        var response = APIError.queueFull(
            "More than \(quota) requests a second; try again later",
            details: ["limit": "rate", "maximum": .int(quota)]
        ).with(field: "Retry-After", "\(RateLimiter.seconds(standing.wait))").response
        response.fields.append(contentsOf: fields)
        response.clientName = name
        return response
    }

    // MARK: Fields

    private func finished(_ response: Response, _ incoming: IncomingRequest) -> Response {
        let crossOrigin = policy.hasAllowedOrigins ? policy.crossOrigin(of: incoming.head) : nil
        return finished(
            response, incoming.ticket.clientName, incoming.ticket.responseFields, crossOrigin: crossOrigin)
    }

    private func finished(
        _ response: Response, _ name: String?, _ fields: HTTPFields, crossOrigin: String?
    ) -> Response {
        guard name != nil || fields.count > 0 else { return marked(response, crossOrigin: crossOrigin) }
        var response = response
        response.clientName = name
        response.fields.append(contentsOf: fields)
        return marked(response, crossOrigin: crossOrigin)
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
            response.fields.append(
                "Access-Control-Expose-Headers",
                "Allow, Idempotent-Replayed, Location, Preference-Applied, RateLimit, RateLimit-Policy, "
                    + "Retry-After, WWW-Authenticate")
        }
        return response
    }
}
