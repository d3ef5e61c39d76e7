public import RoostCore
internal import Synchronization

/// Runs Python and keeps a record of every execution (contract §5).
public final class PythonHandler: Handler {
    /// `python`.
    public let name = "python"
    /// As in the reference.
    public let description = "Execute Python code in Unreal Editor context"
    /// The engine's, which all handlers over it share.
    public var jobLane: JobLane { engine.lane }
    private let engine: PythonEngine
    private let dialect: PythonDialect
    private let jobs = Mutex<HandlerJobs?>(nil)
    /// Written anew only when something has changed: nothing is asked for more often.
    private let shownHealth = Mutex<(health: PythonHealth, text: JSONText)?>(nil)

    /// A handler over an engine, which it starts and shuts down.
    ///
    /// - Parameters:
    ///   - engine: Not started yet; several handlers may share one.
    ///   - dialect: How answers look to requests that do not say; see ``PythonDialect``.
    public init(engine: PythonEngine, dialect: PythonDialect = .reference) {
        self.engine = engine
        self.dialect = dialect
    }

    static let code = BodyParameter<PythonSource>(
        "code", "Python code to execute", required: true, missing: .missingCode, invalid: .invalidCode,
        nullIsAbsent: false)
    static let timeout = BodyParameter<Double>(
        "timeout", "Maximum execution time in seconds", in: 1...300, default: 30, invalid: .invalidTimeout)
    static let isAsync = BodyParameter<Bool>(
        "async", "Answer at once with the job's id instead of waiting", default: false)
    static let jobID = BodyParameter<SentJobID>(
        "job_id", "A UUID of the client's own; sent again with the same job it returns that job",
        invalid: .invalidJobID)
    static let session = BodyParameter<SessionName>(
        "session", "The interpreter to run in, which keeps its variables for the next job that names it")
    static let sessionID = QueryParameter<String>(
        "id", "The session's name", required: true, emptyIsAbsent: true)
    static let dialectName = QueryParameter<PythonDialect>("dialect", "How the answer is written")

    /// Those of the reference, in its order.
    public var endpoints: [Endpoint] {
        Endpoint(
            .post, "/execute", "Execute Python code", Self.code, Self.timeout, Self.isAsync, Self.session,
            Self.jobID, SentIdempotencyKey.parameter, Self.dialectName
        ) { try await self.execute($0) }
        Endpoint(.get, "/jobs", "List all jobs", JobParameters.list + [Self.dialectName]) {
            try await self.view($0).list()
        }
        Endpoint(.get, "/job", "Get job details", JobParameters.id, Self.dialectName) {
            try await self.view($0).detail()
        }
        Endpoint(.delete, "/job", "Cancel job", JobParameters.id, JobParameters.mode, Self.dialectName) {
            try await self.view($0).delete()
        }
        Endpoint(
            .post, "/webhook/retry", "Send the webhook of a job again", JobParameters.id, Self.dialectName
        ) { try await self.view($0).retryWebhook() }
        Endpoint(
            .get, "/events", "Follow a job as server-sent events", JobParameters.id,
            JobParameters.lastEventID, Self.dialectName
        ) { try await self.view($0).events() }
        Endpoint(.get, "/sessions", "List all sessions") { _ in self.sessions() }
        Endpoint(.delete, "/session", "End a session and its jobs", Self.sessionID) {
            try await self.endSession($0)
        }
    }

    /// Starts Python.
    ///
    /// - Throws: ``PythonEngineError`` when it cannot run.
    public func start(_ context: HandlerContext) async throws {
        jobs.withLock { $0 = context.jobs }
        context.metrics.add(engine)
        try await engine.start()
    }

    /// The code, in the job's session if it has one, whose state is then told as lost.
    ///
    /// - Throws: `QUEUE_FULL` (429) when there may be fewer sessions than before.
    public func resume(_ job: Job, _ context: HandlerContext) throws -> ResumedWork? {
        guard let source = PythonSource(record: job.input) else { return nil }
        if let name = job.summary.session {
            guard let session = SessionName(text: name) else { return nil }
            let jobs = SessionJobs(engine: engine, context: context)
            return ResumedWork(startsItself: true, work: try jobs.resume(job.id, source, session))
        }
        return ResumedWork(startsItself: true) { [engine] job in
            try await engine.run(source: source.bytes, context: job)
        }
    }

    /// Ends every Python process.
    public func shutdown() async { await engine.shutdown() }

    /// `version`, `isolation`, `workers`, `busy`, `ready`, `queued`, `running`, `oldest_wait_ms`, `sessions`, `sandbox`.
    public func health() -> JSON? {
        let jobs = jobs.withLock { $0 }
        let counts = jobs?.counts ?? (waiting: 0, running: 0)
        let health = PythonHealth(
            status: engine.status, waiting: counts.waiting, running: counts.running,
            oldestWaitMilliseconds: jobs?.oldestWaitMilliseconds)
        return shownHealth.withLock { shown in
            if let shown, shown.health == health { return .text(shown.text) }
            let text = health.text
            shown = (health, text)
            return .text(text)
        }
    }

    /// The standard envelope, with the codes of the dialect that the request asks for.
    public func response(to failure: APIFailure, head: RequestHead, body: [UInt8]) -> Response {
        let mark = head.target.firstIndex(of: "?")
        let query = mark.map { head.target[head.target.index(after: $0)...] } ?? ""
        let items = (try? QueryString.parse(query)) ?? []
        let asked = items.last { $0.name == Self.dialectName.name }?.value
        let id = items.last { $0.name == JobParameters.id.name }?.value
        return (asked.flatMap(PythonDialect.init(rawValue:)) ?? dialect).presenter.translate(failure, id: id)
            .response
    }

    private func presenter(_ request: Request) -> any Presenter {
        (request[ifPresent: Self.dialectName] ?? dialect).presenter
    }

    /// The jobs of the lane, which are those of every handler over the engine.
    private func view(_ request: Request) -> JobView {
        JobView(request, lane: request.context.jobs.lane, presenter: presenter(request))
    }

    // MARK: POST /execute

    private func execute(_ request: Request) async throws -> Response {
        let presenter = presenter(request)
        let source = try request[Self.code]
        let jobs = request.context.jobs
        let prefersAsync = request.fields.preferAsync
        let asksAsync = try request[Self.isAsync]
        let isAsync = prefersAsync || (presenter.honoursAsync && asksAsync)
        let session = request[ifPresent: Self.session]
        let asked = JobRequest(
            id: request[ifPresent: Self.jobID]?.id, input: source.text,
            timeoutMilliseconds: Int(try request[Self.timeout] * 1000 + 0.5), session: session?.text,
            startsItself: true, isWrittenByWork: true)

        var known = try await same(asked, jobs)
        var handle: JobHandle?
        if known == nil {
            var entry: SessionJobs.Entry?
            if let session {
                entry = try SessionJobs(engine: engine, context: request.context)
                    .enter(asked, source, session)
            }
            defer { if handle == nil { entry?.refused() } }
            let alone: JobWork = { [engine] job in
                try await engine.run(source: source.bytes, context: job)
            }
            let work = entry?.work ?? alone
            do {
                let asked = entry?.asked ?? asked
                if let key = request.idempotencyKey {
                    switch try await jobs.submit(asked, once: key, work: work) {
                    case .accepted(let new): handle = new
                    case .replayed(let job):
                        let response =
                            isAsync
                            ? presenter.accepted(job.id, job.status, location: Self.location(request, job.id))
                            : await LongAnswer.write(job) { presenter.executed($0) }
                        return response.replayed()
                    }
                } else {
                    handle = try await jobs.submit(asked, work: work)
                }
                if let handle { try await entry?.accepted(handle) }
            } catch {
                // Somebody may have been faster with this id: perhaps the same client, trying again.
                guard error.code == APIError.jobConflict.rawValue else { throw error }
                known = try await same(asked, jobs)
                if known == nil { throw error }
            }
        }
        if let known { handle = jobs.handle(known.id) }
        guard let handle else {
            // Known, and no longer live: it may have ended since it was looked up.
            guard let id = asked.id, let job = try await jobs.job(id) else { throw APIError.serverError }
            return await LongAnswer.write(job) { presenter.executed($0) }
        }
        if isAsync {
            var response = presenter.accepted(
                handle.id, known == nil ? .pending : handle.current.status,
                location: Self.location(request, handle.id))
            if prefersAsync { response.fields.append("Preference-Applied", "respond-async") }
            return response
        }
        return await LongAnswer.write(await handle.ended()) { presenter.executed($0) }
    }

    private static func location(_ request: Request, _ id: JobID) -> String {
        String(request.route.dropLast("/execute".count)) + "/job?id=\(id)"
    }

    /// The job that a client's own id names already, if it is the same job; nil when the id is new.
    ///
    /// - Throws: `JOB_CONFLICT` (409) when it is another job.
    private func same(_ asked: JobRequest, _ jobs: HandlerJobs) async throws -> Job? {
        guard let id = asked.id, let job = try await jobs.job(id) else { return nil }
        // By their bytes: two spellings of `é` are two programs.
        guard job.summary.handler == name, job.input.utf8.elementsEqual(asked.input.utf8),
            job.summary.timeoutMilliseconds == asked.timeoutMilliseconds, job.summary.session == asked.session
        else { throw APIError.jobConflict("A different job with ID '\(id)' already exists") }
        return job
    }

    // MARK: Sessions

    private func sessions() -> Response {
        let sessions = engine.openSessions.map { session -> JSON in
            [
                "id": .string(session.name), "jobs": .int(session.jobs),
                "created_at": .string(session.createdAt.description),
                "last_used_at": .string(session.lastUsedAt.description),
                "busy": .bool(session.running != nil),
            ]
        }
        return .json(["success": true, "sessions": .array(sessions)])
    }

    private func endSession(_ request: Request) async throws -> Response {
        let name = try request[Self.sessionID]
        try await SessionJobs(engine: engine, context: request.context).end(name)
        return .json(["success": true, "id": .string(name), "message": "Session ended"])
    }
}
