internal import Glibc
public import RoostCore
internal import Synchronization

/// `POST /v1/code/execute/python`: Python whose top level may `return` (contract §9).
///
/// A second face of the engine that ``PythonHandler`` has, on the same lane of the same queue: its jobs are in the
/// same history, where ``PythonHandler`` lists, shows and cancels them.
public final class CodeHandler: Handler, WebhookBodies {
    /// `code`.
    public let name = "code"
    /// For the listing.
    public let description = "Execute Python code as the body of a function"
    /// `/v1`.
    public let mount = "/v1"
    private let engine: PythonEngine
    private let jobPath: String?
    private let webhooks: (any WebhookGate)?
    private let answersWebhooksAtOnce: Bool
    private let identity: CodeEnvelope.Server
    private let jobs = Mutex<HandlerJobs?>(nil)

    /// A handler over an engine, which it starts and shuts down unless another has.
    ///
    /// - Parameters:
    ///   - engine: May be shared with a ``PythonHandler``.
    ///   - buildNumber: What answers show as `build_number`.
    ///   - history: The handler that shows jobs: an answer given at once names the job's place there.
    ///   - webhooks: Where answers may also be posted to; without it a request that names a `webhook_url` is refused with
    ///     400.
    ///   - answersWebhooksAtOnce: Whether a request with a `webhook_url` gets its answer only there.
    public init(
        engine: PythonEngine, buildNumber: String, history: PythonHandler? = nil,
        webhooks: (any WebhookGate)? = nil, answersWebhooksAtOnce: Bool = false
    ) {
        self.engine = engine
        self.webhooks = webhooks
        self.answersWebhooksAtOnce = answersWebhooksAtOnce
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
        // Asked twice where the Python handler runs on the same engine, and shown once.
        context.metrics.add(engine)
        try await engine.start()
    }

    /// The code; its webhook is told as it would have been.
    public func resume(_ job: Job, _ context: HandlerContext) throws -> ResumedWork? {
        PythonSource(record: job.input).map { ResumedWork(startsItself: true, work: work($0)) }
    }

    private func work(_ source: PythonSource) -> JobWork {
        { [engine] context in
            try await engine.run(source: source.bytes, mode: .function, context: context)
        }
    }

    /// Ends every Python process.
    public func shutdown() async { await engine.shutdown() }

    /// Parameters that are refused, and an error of the server, have the envelope of this endpoint's own; any other
    /// error the standard one.
    public func response(to failure: APIFailure, head: RequestHead, body: [UInt8]) -> Response {
        let isRefusal = failure.status == .badRequest && failure.code != APIError.badRequest.rawValue
        guard isRefusal || failure.code == APIError.serverError.rawValue else { return failure.response }
        let mark = head.target.firstIndex(of: "?") ?? head.target.endIndex
        // Whatever else is wrong with it, a request keeps its name.
        let id = (try? JSONParser.parse(body, maximumDepth: 128))?.object?[Self.id.name]?.string
        let envelope = envelope(String(head.target[..<mark]), id: id)
        return isRefusal ? envelope.refused(failure) : envelope.broken(failure)
    }

    private func envelope(_ endpoint: String, id: String?) -> CodeEnvelope {
        CodeEnvelope(
            server: identity, endpoint: endpoint, id: id,
            queueLength: jobs.withLock { $0 }?.counts.waiting ?? 0)
    }

    private func execute(_ request: Request) async throws -> Response {
        try Self.refuseOtherFields(request.json ?? [:])
        let source = try request[Self.code]
        let timeout = try request[Self.timeout]
        let id = request[ifPresent: Self.id]
        let route = request.route
        let jobs = request.context.jobs
        let webhook = try await webhook(request[ifPresent: Self.webhookURL], route, id)
        let isAsync = request.fields.preferAsync || (webhook != nil && answersWebhooksAtOnce)
        let asked = JobRequest(
            input: source.text, timeoutMilliseconds: timeout * 1000, startsItself: true,
            isWrittenByWork: true, webhook: webhook)
        let work = work(source)
        let handle: JobHandle
        do {
            if let key = request.idempotencyKey {
                switch try await jobs.submit(asked, once: key, work: work) {
                case .accepted(let new): handle = new
                case .replayed(let job):
                    if isAsync { return accepted(job.id, request, id).replayed() }
                    return await answer(job, route, id).replayed()
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
        if isAsync { return accepted(handle.id, request, id) }
        return await answer(await handle.ended(), route, id)
    }

    private func accepted(_ job: JobID, _ request: Request, _ id: String?) -> Response {
        envelope(request.route, id: id).accepted(
            job, maximum: request.context.jobs.maximumWaiting, location: jobPath.map { "\($0)?id=\(job)" },
            isPreferred: request.fields.preferAsync)
    }

    private func answer(_ job: Job, _ route: String, _ id: String?) async -> Response {
        let envelope = envelope(route, id: id)
        return await LongAnswer.write(job) { envelope.ended($0) }
    }

    // MARK: Webhooks

    /// - Throws: `INVALID_PARAMETER` (400) for a URL that webhooks are not sent to.
    private func webhook(_ url: WebhookURL?, _ route: String, _ id: String?) async throws(APIFailure)
        -> WebhookRequest?
    {
        guard let url else { return nil }
        guard let webhooks else {
            throw Self.refused("this server delivers no webhooks; leave it out")
        }
        let note = JSON.object(["endpoint": .string(route), "id": id.json]).serialized()
        do {
            let target = try await webhooks.admit(url.text)
            return WebhookRequest(
                url: target.url, receiver: target.receiver, note: String(decoding: note, as: UTF8.self),
                bodies: self)
        } catch { throw Self.refused("webhooks are not sent there: \(error)") }
    }

    private static func refused(_ reason: String) -> APIFailure {
        APIError.invalidParameter(
            "Field '\(webhookURL.name)': \(reason)", details: ["parameter": .string(webhookURL.name)])
    }

    /// The envelope that the request gets, or would have got.
    public func webhookBody(of job: Job, note: String) async -> [UInt8] {
        let note = (try? JSONParser.parse(Array(note.utf8)))?.object
        let response = await answer(job, note?["endpoint"]?.string ?? "", note?["id"]?.string)
        guard case .bytes(let bytes) = response.body else { return [] }
        return bytes
    }

    private static func refuseOtherFields(_ body: JSONObject) throws(APIFailure) {
        let known = [code.name, timeout.name, webhookURL.name, id.name]
        guard let other = body.members.first(where: { !known.contains($0.name) }) else { return }
        throw APIError.invalidParameter(
            "Unknown field '\(other.name)'",
            details: ["parameter": .string(other.name), "allowed": known.json])
    }
}
