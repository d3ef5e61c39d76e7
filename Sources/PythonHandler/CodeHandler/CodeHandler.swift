internal import Glibc
public import RoostCore
internal import Synchronization

/// `POST /v1/code/execute/python`: Python whose top level may `return` (contract §9).
///
/// A second face of the engine that ``PythonHandler`` has, on the same lane of the same queue: its jobs are in the
/// same history, where ``PythonHandler`` lists, shows and cancels them.
public final class CodeHandler: Handler {
    /// `code`.
    public let name = "code"
    /// For the listing.
    public let description = "Execute Python code as the body of a function"
    /// `/v1`.
    public let mount = "/v1"
    private let engine: PythonEngine
    private let jobPath: String?
    private let webhooks: (any WebhookDelivery)?
    private let identity: CodeEnvelope.Server
    private let jobs = Mutex<HandlerJobs?>(nil)

    /// A handler over an engine, which it starts and shuts down unless another has.
    ///
    /// - Parameters:
    ///   - engine: May be shared with a ``PythonHandler``.
    ///   - buildNumber: What answers show as `build_number`.
    ///   - history: The handler that shows jobs: an answer given at once names the job's place there.
    ///   - webhooks: Delivers results; without it a request that names a `webhook_url` is refused with 400.
    public init(
        engine: PythonEngine, buildNumber: String, history: PythonHandler? = nil,
        webhooks: (any WebhookDelivery)? = nil
    ) {
        self.engine = engine
        self.webhooks = webhooks
        jobPath = history.map { $0.mount + $0.basePath + "/job" }
        identity = CodeEnvelope.Server(
            processID: Int(getpid()), queueID: Int.random(in: 10_000_000...99_999_999),
            buildNumber: buildNumber)
    }

    static let code = BodyParameter<PythonSource>(
        "code", "The body of a function; what it returns is the result", required: true,
        missing: .missingCode, invalid: .invalidCode, nullIsAbsent: false)
    static let timeout = BodyParameter<Int>(
        "timeout", "Maximum execution time in seconds", in: 1...300, default: 30, nullIsAbsent: false)
    static let webhookURL = BodyParameter<WebhookURL>(
        "webhook_url", "Where the answer is also posted to", nullIsAbsent: false)
    static let id = BodyParameter<String>(
        "id", "An identifier of the client's own, given back in the answer", nullIsAbsent: false)

    /// The engine's, which all handlers over it share.
    public var jobLane: JobLane { engine.lane }

    /// One.
    public var endpoints: [Endpoint] {
        Endpoint(
            .post, "/execute/python", "Execute Python code", Self.code, Self.timeout, Self.webhookURL,
            Self.id,
            SentIdempotencyKey.parameter
        ) { try await self.execute($0) }
    }

    /// Starts Python.
    ///
    /// - Throws: ``PythonEngineError`` when it cannot run.
    public func start(_ context: HandlerContext) async throws {
        jobs.withLock { $0 = context.jobs }
        try await engine.start()
    }

    /// Ends every Python process.
    public func shutdown() async { await engine.shutdown() }

    /// Parameters that are refused have an envelope of this endpoint's own; any other error the standard one.
    public func response(to failure: APIFailure, head: RequestHead, body: [UInt8]) -> Response {
        guard failure.status == .badRequest, failure.code != APIError.badRequest.rawValue else {
            return failure.response
        }
        let mark = head.target.firstIndex(of: "?") ?? head.target.endIndex
        // Whatever else is wrong with it, a request keeps its name.
        let id = (try? JSONParser.parse(body, maximumDepth: 128))?.object?[Self.id.name]?.string
        return envelope(String(head.target[..<mark]), id: id).refused(failure)
    }

    private func envelope(_ endpoint: String, id: String?) -> CodeEnvelope {
        CodeEnvelope(
            server: identity, endpoint: endpoint, id: id,
            queueLength: jobs.withLock { $0 }?.counts.waiting ?? 0)
    }

    private func execute(_ request: Request) async throws -> Response {
        try Self.refuseOtherFields(request.json ?? [:])
        if request[ifPresent: Self.webhookURL] != nil, webhooks == nil {
            throw APIError.invalidParameter(
                "Field 'webhook_url': this server delivers no webhooks; leave it out",
                details: ["parameter": .string(Self.webhookURL.name)])
        }
        let source = try request[Self.code]
        let timeout = try request[Self.timeout]
        let id = request[ifPresent: Self.id]
        let route = request.route
        let jobs = request.context.jobs
        let asked = JobRequest(
            input: source.text, timeoutMilliseconds: timeout * 1000, startsItself: true)
        let work: JobWork = { [engine] context in
            try await engine.run(source: source.bytes, mode: .function, context: context)
        }
        let handle: JobHandle
        do {
            if let key = request.idempotencyKey {
                switch try await jobs.submit(asked, once: key, work: work) {
                case .accepted(let new): handle = new
                case .replayed(let job): return await replay(job, request, id)
                }
            } else {
                handle = try await jobs.submit(asked, work: work)
            }
        } catch {
            let envelope = envelope(route, id: id)
            switch error.code {
            case APIError.queueFull.rawValue:
                return envelope.queueFull(error, maximum: jobs.maximumWaiting)
            case APIError.serverStopped.rawValue: return envelope.stopped()
            default: throw error
            }
        }
        let url = request[ifPresent: Self.webhookURL]
        if request.fields.preferAsync {
            if let url { await webhooks?.deliver(to: url) { await self.answer(handle, route, id) } }
            return accepted(handle.id, request, id)
        }
        let response = await answer(handle, route, id)
        if let url { await webhooks?.deliver(to: url) { response } }
        return response
    }

    private func accepted(_ job: JobID, _ request: Request, _ id: String?) -> Response {
        envelope(request.route, id: id).accepted(
            job, maximum: request.context.jobs.maximumWaiting, location: jobPath.map { "\($0)?id=\(job)" })
    }

    private func replay(_ job: Job, _ request: Request, _ id: String?) async -> Response {
        if request.fields.preferAsync { return accepted(job.id, request, id).replayed() }
        let envelope = envelope(request.route, id: id)
        return await LongAnswer.write(job) { envelope.ended($0) }.replayed()
    }

    private func answer(_ handle: JobHandle, _ route: String, _ id: String?) async -> Response {
        let job = await handle.ended()
        let envelope = envelope(route, id: id)
        return await LongAnswer.write(job) { envelope.ended($0) }
    }

    private static func refuseOtherFields(_ body: JSONObject) throws(APIFailure) {
        let known = [code.name, timeout.name, webhookURL.name, id.name]
        guard let other = body.members.first(where: { !known.contains($0.name) }) else { return }
        throw APIError.invalidParameter(
            "Unknown field '\(other.name)'",
            details: ["parameter": .string(other.name), "allowed": known.json])
    }
}
