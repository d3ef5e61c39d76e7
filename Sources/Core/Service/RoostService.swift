/// A set of handlers as an HTTP service: routing, validation, errors in one envelope.
///
/// The order of checks is the contract's (§4): route (404), method (405), body size (413, by the HTTP layer),
/// media type (415), JSON, parameters in the order declared. Host and origin come before, in the HTTP layer.
public final class RoostService: HTTPService {
    private let router: Router
    private let registrations: [HandlerRegistry.Registration]
    private let contexts: [String: HandlerContext]
    /// The context of each route's handler, by the route's number.
    private let routeContexts: [HandlerContext?]
    private let names: [String]
    private let queue: JobQueue
    private let maximumBody: Int
    private let longBody: LongBody
    private let logger: Logger

    /// Puts a service together.
    ///
    /// - Parameters:
    ///   - registry: The handlers, in the order in which they are listed and started.
    ///   - queue: Where the handlers' jobs go.
    ///   - info: What the server's own endpoints tell.
    ///   - maximumBody: Request bodies are refused with 413 beyond this many bytes; 10 MiB by default.
    ///   - logger: Gets one access line a request, and the causes of `SERVER_ERROR`.
    ///   - now: The wall clock.
    ///   - metrics: What `/metrics` shows; gets the queue's and those of the handlers.
    ///   - returnMemory: Called, on a thread that may take its time, after a long body: gives what is free back to the
    ///     system, where the allocator keeps it.
    /// - Throws: ``RegistryError`` when a handler takes a path of the server's own.
    public init(
        registry: HandlerRegistry, queue: JobQueue, info: ServerInfo, maximumBody: Int = 10 << 20,
        logger: Logger, now: @escaping @Sendable () -> Timestamp,
        metrics: MetricsRegistry = MetricsRegistry(), returnMemory: @escaping @Sendable () -> Void = {}
    ) throws(RegistryError) {
        var registry = registry
        try registry.registerUnlisted(
            ServerEndpoints(info: info, registry: registry), at: HandlerRegistry.defaultMount)
        try registry.registerUnlisted(MetricsEndpoint(registry: metrics), at: "/")
        metrics.add(info)
        metrics.add(queue)
        router = Router(registry.entries)
        registrations = registry.registrations
        names = registry.handlerNames
        var contexts: [String: HandlerContext] = [:]
        for registration in registry.registrations {
            let handler = registration.handler
            contexts[handler.name] = HandlerContext(
                jobs: HandlerJobs(queue: queue, handler: handler.name, lane: handler.jobLane.name),
                logger: logger.labelled(["handler": .string(handler.name)]), now: now, metrics: metrics)
        }
        self.contexts = contexts
        routeContexts = registry.entries.map { contexts[$0.route.handler.name] }
        self.queue = queue
        self.maximumBody = maximumBody
        self.logger = logger
        longBody = LongBody(returnMemory: returnMemory)
    }

    /// Starts every handler in order of registration; when one fails, those already started are shut down.
    ///
    /// - Throws: What the handler threw.
    public func start() async throws {
        var started: [any Handler] = []
        for registration in registrations {
            guard let context = contexts[registration.handler.name] else { continue }
            do { try await registration.handler.start(context) } catch {
                for handler in started.reversed() { await handler.shutdown() }
                throw error
            }
            started.append(registration.handler)
        }
    }

    /// Hands jobs that an earlier process accepted and never started back to their handlers; those that no handler takes
    /// end as `SERVER_STOPPED`. To be called after ``start()``, before anybody can ask.
    ///
    /// - Parameter jobs: As they are in the store, oldest first.
    /// - Returns: How many were taken.
    public func resume(_ jobs: [Job]) async -> Int {
        var taken = 0
        for job in jobs {
            let handler = registrations.first { $0.handler.name == job.summary.handler }?.handler
            let webhook = job.webhook.flatMap { webhook in
                (handler as? any WebhookBodies).map {
                    WebhookRequest(
                        url: webhook.url, receiver: webhook.receiver, note: webhook.note, bodies: $0)
                }
            }
            let isTaken = await queue.takeBack(job, webhook: webhook) {
                guard let handler, var context = contexts[handler.name] else { return nil }
                context.jobs.client = job.summary.client
                do { return try handler.resume(job, context) } catch {
                    context.logger.warning(
                        "a job cannot be taken up again",
                        ["job_id": job.id.json, "cause": .string("\(error)")])
                    return nil
                }
            }
            if isTaken { taken += 1 }
        }
        return taken
    }

    /// Shuts every handler down, the last registered first.
    public func shutdown() async {
        for registration in registrations.reversed() { await registration.handler.shutdown() }
    }

    // MARK: HTTPService

    /// Finds the route, or answers 400, 404 or 405, before any of the body is read.
    public func admit(_ head: RequestHead, from client: ClientAddress) -> Admission {
        if head.target == "*" {
            var response = Response.noContent
            response.fields.append("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")
            return refuse(response)
        }
        let outcome: Router.Outcome
        if let found = router.find(head.method, literal: head.target) {
            outcome = found
        } else {
            let segments: [String]
            do { segments = try Self.segments(of: Self.split(head.target).path) } catch {
                return refuse(
                    APIError.badRequest("The path has an invalid percent-encoding").response)
            }
            outcome = router.find(head.method, segments)
        }
        switch outcome {
        case .match(let match):
            return .proceed(ticket: AdmissionTicket(route: match), maximumBody: maximumBody)
        case .options(let allowed):
            var response = Response.noContent
            response.fields.append("Allow", Self.list(allowed))
            return refuse(response)
        case .methodNotAllowed(let allowed, let handler):
            let failure = APIError.methodNotAllowed(
                "Method \(head.method) is not allowed for \(Self.split(head.target).path)",
                details: ["allowed": .array(allowed.map { .string($0.rawValue) })]
            ).with(field: "Allow", Self.list(allowed))
            return refuse(handler.response(to: failure, head: head, body: []))
        case .notFound:
            return refuse(notFound(Self.split(head.target).path).response)
        }
    }

    /// Answers endpoints whose work awaits nothing, unless the body is too long to be read here.
    public func answer(_ incoming: IncomingRequest) -> Response? {
        guard let match = incoming.ticket.route, let context = routeContexts[match.route.number],
            case .immediate(let work) = match.route.endpoint.work, !Self.isLong(incoming, match)
        else { return nil }
        let id = RequestID()
        var response: Response
        do {
            try Self.checkMediaType(incoming.head)
            let json = match.route.endpoint.readsBody ? try Self.object(incoming.body) : nil
            response = try work(request(incoming, match, json, id: id, context: context))
        } catch { response = self.response(to: error, incoming, match, id: id, context: context) }
        response.requestID = id
        return response
    }

    /// Builds the request, runs the endpoint, and turns what it throws into an answer.
    public func respond(to incoming: IncomingRequest) async -> Response {
        if let response = answer(incoming) { return response }
        guard let match = incoming.ticket.route, let context = routeContexts[match.route.number] else {
            return APIFailure(.serverError).response
        }
        let id = RequestID()
        var json: JSONObject?
        var response: Response
        do {
            try Self.checkMediaType(incoming.head)
            if Self.isLong(incoming, match) {
                json = try await longBody.object(incoming.body)
            } else if match.route.endpoint.readsBody {
                json = try Self.object(incoming.body)
            }
            response = try await run(
                match.route.endpoint.work, request(incoming, match, json, id: id, context: context))
        } catch { response = self.response(to: error, incoming, match, id: id, context: context) }
        if Self.isLong(incoming, match) { longBody.release(&json, bodyBytes: incoming.body.count) }
        response.requestID = id
        return response
    }

    private func run(_ work: Endpoint.Work, _ request: Request) async throws -> Response {
        switch work {
        case .immediate(let work): try work(request)
        case .asynchronous(let work): try await work(request)
        }
    }

    private static func isLong(_ incoming: IncomingRequest, _ match: RouteMatch) -> Bool {
        incoming.body.count > LongBody.shortBytes && match.route.endpoint.readsBody
    }

    private func response(
        to error: any Error, _ incoming: IncomingRequest, _ match: RouteMatch, id: RequestID,
        context: HandlerContext
    ) -> Response {
        let failure: APIFailure
        switch error {
        case let known as APIFailure: failure = known
        case let known as APIError: failure = APIFailure(known)
        default:
            context.logger.error(
                "request failed", ["request_id": .string(id.description), "cause": .string("\(error)")])
            failure = APIError.serverError(
                "Internal server error; the server's log has the cause under this request id",
                details: ["request_id": .string(id.description)])
        }
        return match.route.handler.response(to: failure, head: incoming.head, body: incoming.body)
    }

    // MARK: From bytes to a request

    private func request(
        _ incoming: IncomingRequest, _ match: RouteMatch, _ json: JSONObject?, id: RequestID,
        context: HandlerContext
    ) throws -> Request {
        let head = incoming.head
        let (path, queryText) = Self.split(head.target)
        let query: [QueryItem]
        do { query = try QueryString.parse(queryText) } catch {
            throw APIError.badRequest(
                "The query string has an invalid percent-encoding or too many parameters")
        }
        var context = context
        let name = incoming.ticket.clientName
        context.jobs.client = Request.clientID(name, incoming.client)
        var request = Request(
            id: id, method: head.method, path: path, query: query, fields: head.fields,
            body: incoming.body, json: json, client: incoming.client,
            clientName: name, context: context, route: match.route.pattern)
        for parameter in match.route.endpoint.parameters {
            let raw = Self.raw(parameter, json: json, query: query, match: match, fields: head.fields)
            if let value = try parameter.validate(raw) {
                request.values[.init(location: parameter.location, name: parameter.name)] = value
            }
        }
        return request
    }

    private static func raw(
        _ parameter: any ParameterDeclaration, json: JSONObject?, query: [QueryItem], match: RouteMatch,
        fields: HTTPFields
    ) -> RawParameter {
        switch parameter.location {
        case .body: json?[parameter.name].map(RawParameter.json) ?? .absent
        case .query: query.last { $0.name == parameter.name }.map { .text($0.value) } ?? .absent
        case .path: match.parameters.first { $0.name == parameter.name }.map { .text($0.value) } ?? .absent
        case .header: fields[parameter.name].map(RawParameter.text) ?? .absent
        }
    }

    /// None is accepted; anything that is not JSON is refused, since a web page may send the others across
    /// origins without asking first (Fetch, "CORS-safelisted request-header").
    private static func checkMediaType(_ head: RequestHead) throws {
        guard head.method == .post || head.method == .put || head.method == .patch else { return }
        for value in head.fields.values(of: "Content-Type") {
            let essence = value.prefix { $0 != ";" }.lowercased().filter { $0 != " " && $0 != "\t" }
            guard
                essence == "application/json"
                    || (essence.hasPrefix("application/") && essence.hasSuffix("+json"))
            else {
                throw APIError.unsupportedMediaType("Content-Type must be application/json")
            }
        }
    }

    /// Reads a body as a JSON object.
    ///
    /// - Throws: `INVALID_JSON` (400).
    static func object(_ body: [UInt8]) throws -> JSONObject {
        let document: JSON
        do { document = try JSONParser.parse(body, maximumDepth: 128) } catch {
            throw APIError.invalidJSON("Request body must be valid JSON: \(error)")
        }
        guard let object = document.object else {
            throw APIError.invalidJSON("Request body must be a JSON object")
        }
        return object
    }

    // Over UTF-8 throughout: `Character` would look for grapheme clusters, at a hundred times the price.

    /// Path and query of a target; the query is empty where there is none.
    private static func split(_ target: String) -> (path: String, query: Substring) {
        let bytes = target.utf8.span
        // Over the bytes as they lie; `firstIndex` would make an index of each.
        let offset = ByteRun.first(UInt8(ascii: "?"), in: bytes, from: 0)
        guard offset < bytes.count else { return (target, "") }
        let mark = target.utf8.index(target.startIndex, offsetBy: offset)
        return (String(target[..<mark]), target[target.utf8.index(after: mark)...])
    }

    /// Splits first and decodes then, so that `%2F` stays inside its segment.
    private static func segments(of path: String) throws -> [String] {
        let bytes = path.utf8.span
        let isEncoded = ByteRun.first(UInt8(ascii: "%"), in: bytes, from: 0) < bytes.count
        var segments: [String] = []
        segments.reserveCapacity(6)
        var start = 1
        // `/notes/` is `/notes`; no pattern has an empty segment, so nothing else can be meant.
        while start < bytes.count {
            let end = ByteRun.first(UInt8(ascii: "/"), in: bytes, from: start)
            let lower = path.utf8.index(path.startIndex, offsetBy: start)
            let segment = path[lower..<path.utf8.index(lower, offsetBy: end - start)]
            segments.append(isEncoded ? try PercentDecoding.segment(segment) : String(segment))
            start = end + 1
        }
        return segments
    }

    // MARK: Answers of the service itself

    private func notFound(_ path: String) -> APIFailure {
        var details: JSONObject = ["path": .string(path)]
        let under = registrations.filter(\.isListed).first {
            path == $0.prefix || path.hasPrefix($0.prefix + "/")
        }
        guard let under else {
            details["available"] = names.json
            return APIError.handlerNotFound(
                "No handler for '\(path)'; GET \(HandlerRegistry.defaultMount)/handlers lists them",
                details: details)
        }
        details["endpoints"] = .array(
            under.endpoints.map { .string("\($0.method) \(under.prefix)\($0.path == "/" ? "" : $0.path)") })
        return APIError.handlerNotFound(
            "Handler '\(under.handler.name)' has no endpoint '\(path)'", details: details)
    }

    private static func list(_ methods: [HTTPMethod]) -> String {
        methods.map(\.rawValue).joined(separator: ", ")
    }

    private func refuse(_ response: Response) -> Admission {
        var response = response
        response.requestID = RequestID()
        return .respond(response)
    }
}
