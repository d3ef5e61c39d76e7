/// What the routes about jobs do, for one request: those of the server's own endpoints, which show all jobs, and those of
/// a handler, which may show its lane's only and in its own words.
package struct JobView: Sendable {
    private let request: Request
    private let queue: JobQueue
    private let lane: String?
    private let presenter: any JobPresenter

    /// - Parameters:
    ///   - request: Asked with parameters of ``JobParameters``.
    ///   - lane: Jobs of other lanes are not there; nil shows all.
    ///   - presenter: How jobs look.
    package init(
        _ request: Request, lane: String? = nil, presenter: any JobPresenter = StandardJobPresenter()
    ) {
        self.request = request
        queue = request.context.jobs.queue
        self.lane = lane
        self.presenter = presenter
    }

    // MARK: Looking

    /// `GET /jobs`.
    ///
    /// - Throws: `INVALID_PARAMETER` (400) for a cursor with an offset, `SERVER_ERROR` (500).
    package func list() async throws -> Response {
        let (limit, offset) = (try request[JobParameters.limit], try request[JobParameters.offset])
        let cursor = request[ifPresent: JobParameters.cursor]
        if cursor != nil, request.query.contains(where: { $0.name == JobParameters.offset.name }) {
            throw APIError.invalidParameter(
                "Query parameters 'cursor' and 'offset' exclude each other",
                details: ["parameter": .string(JobParameters.offset.name), "allowed": []])
        }
        let query = JobQuery(
            lane: lane, handler: request[ifPresent: JobParameters.handler],
            status: try request[JobParameters.status].status,
            client: request[ifPresent: JobParameters.client],
            session: request[ifPresent: JobParameters.session],
            since: request[ifPresent: JobParameters.since], until: request[ifPresent: JobParameters.until],
            text: request[ifPresent: JobParameters.text],
            limit: limit, offset: offset, order: try request[JobParameters.order], cursor: cursor)
        return presenter.page(try await queue.list(query), limit: limit, offset: offset)
    }

    /// `GET /job`.
    ///
    /// - Throws: `JOB_NOT_FOUND` (404), `SERVER_ERROR` (500).
    package func detail() async throws -> Response {
        let presenter = presenter
        return await LongAnswer.write(try await job()) { presenter.detail($0) }
    }

    /// The job that the request names.
    ///
    /// - Throws: `JOB_NOT_FOUND` (404), `SERVER_ERROR` (500).
    package func job() async throws -> Job {
        let sent = try request[JobParameters.id]
        guard let job = try await queue.job(sent.id), lane == nil || job.summary.lane == lane else {
            throw Self.notFound(sent)
        }
        return job
    }

    /// The job's events, live or replayed; 204 for a client that has seen the last.
    ///
    /// - Throws: `JOB_NOT_FOUND` (404), `SERVER_ERROR` (500).
    package func events() async throws -> Response {
        let presenter = presenter
        let seen = request[ifPresent: JobParameters.lastEventID]
        let id = try await job().id
        let stream: JobEventStream
        if let handle = queue.handle(id) {
            stream = JobEventStream(handle, after: seen) { .object(presenter.object($0)) }
        } else {
            // Looked up again: it may have ended since.
            stream = JobEventStream(replaying: try await job(), after: seen) {
                .object(presenter.object($0))
            }
        }
        return stream.isOver ? .noContent : .serverSentEvents(stream)
    }

    // MARK: Changing

    /// `DELETE /job`: stops a job that waits or runs, removes one that has ended.
    ///
    /// - Throws: `JOB_NOT_FOUND` (404), `JOB_ALREADY_FINISHED` (400), `INVALID_PARAMETER` (400) for a mode that does
    ///   not fit the job's state, `SERVER_ERROR` (500).
    package func delete() async throws -> Response {
        let sent = try request[JobParameters.id]
        let mode = request[ifPresent: JobParameters.mode]
        let job = try await job()
        if job.status.isFinished {
            guard mode == .remove || (mode == nil && presenter.removesByDefault) else {
                throw Self.alreadyFinished(sent.id, job.status)
            }
            guard let previous = try await queue.remove(sent.id) else { throw Self.notFound(sent) }
            return presenter.removed(sent.id, previous: previous)
        }
        guard mode != .remove else {
            throw APIError.invalidParameter(
                "Job '\(sent.id)' is \(job.status.rawValue); only a finished job can be removed",
                details: [
                    "parameter": .string(JobParameters.mode.name), "allowed": [DeleteMode.cancel.json],
                ])
        }
        switch try await queue.cancel(sent.id) {
        case .cancelled(let previous)?: return presenter.cancelled(sent.id, previous: previous)
        case .alreadyFinished(let status)?: throw Self.alreadyFinished(sent.id, status)
        case nil: throw Self.notFound(sent)
        }
    }

    /// Sends the webhook of a job that has ended again.
    ///
    /// - Throws: `JOB_NOT_FOUND` (404), `JOB_CONFLICT` (409), `SERVER_ERROR` (500).
    package func retryWebhook() async throws -> Response {
        let sent = try request[JobParameters.id]
        _ = try await job()
        guard let job = try await queue.retryWebhook(sent.id) else { throw Self.notFound(sent) }
        return presenter.retried(job)
    }

    private static func notFound(_ sent: SentJobID) -> APIFailure {
        APIError.jobNotFound("Job with ID '\(sent.text)' not found")
    }

    private static func alreadyFinished(_ id: JobID, _ status: JobStatus) -> APIFailure {
        APIError.jobAlreadyFinished("Job '\(id)' is already \(status.rawValue) and cannot be cancelled")
    }
}
