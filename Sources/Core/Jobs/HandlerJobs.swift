/// The jobs of one handler: a view on the server's ``JobQueue`` under the handler's name and lane.
public struct HandlerJobs: Sendable {
    /// The server's queue, shared by all handlers.
    public let queue: JobQueue
    /// The handler whose name goes into the records.
    public let handler: String
    /// The lane its jobs run in.
    public let lane: String

    /// The client in whose name jobs are submitted that do not say another one; see ``Request/clientID``.
    public internal(set) var client: String?

    /// A view for one handler.
    public init(queue: JobQueue, handler: String, lane: String) {
        self.queue = queue
        self.handler = handler
        self.lane = lane
    }

    /// Accepts a job; it is in the store when this returns.
    ///
    /// - Parameters:
    ///   - request: What is asked.
    ///   - work: Does it, once, when its turn has come; see ``JobWork``.
    /// - Returns: The job's id and a way to wait for its end.
    /// - Throws: `QUEUE_FULL` (429), `JOB_CONFLICT` (409) when the id is taken, `SERVER_STOPPED` (503) while the
    ///   server stops, `SERVER_ERROR` (500) when the store cannot be written.
    public func submit(_ request: JobRequest, work: @escaping JobWork) async throws(APIFailure) -> JobHandle {
        try await queue.submit(named(request), handler: handler, lane: lane, work: work)
    }

    /// Accepts a job unless the same request was made before with this key, within 24 hours and by the same client.
    ///
    /// - Parameters:
    ///   - request: What is asked.
    ///   - key: The client's name for the request, and its digest.
    ///   - work: As in ``submit(_:work:)``.
    /// - Returns: The new job, or the one of the first request.
    /// - Throws: As ``submit(_:work:)``; also `JOB_CONFLICT` (409) while the first request's job has not ended, and
    ///   `INVALID_PARAMETER` (422) when that was another request.
    public func submit(
        _ request: JobRequest, once key: IdempotencyKey, work: @escaping JobWork
    ) async throws(APIFailure) -> JobSubmission {
        try await queue.submit(named(request), once: key, handler: handler, lane: lane, work: work)
    }

    private func named(_ request: JobRequest) -> JobRequest {
        var request = request
        request.client = request.client ?? client
        return request
    }

    /// One job of any handler: live while it waits or runs, with its output so far; else from the store.
    ///
    /// - Throws: `SERVER_ERROR` (500) when the store cannot be read.
    public func job(_ id: JobID) async throws(APIFailure) -> Job? { try await queue.job(id) }

    /// A way to wait for a job that still waits or runs; nil once it has ended.
    public func handle(_ id: JobID) -> JobHandle? { queue.handle(id) }

    /// How many jobs of the lane wait, and how many run. Answers at once, from memory.
    public var counts: (waiting: Int, running: Int) { queue.counts(lane: lane) }

    /// How long the job waits that has waited longest, in milliseconds; nil when none waits.
    public var oldestWaitMilliseconds: Int? { queue.oldestWaitMilliseconds(lane: lane) }

    /// Jobs of the lane that may wait; one more is refused.
    public var maximumWaiting: Int { queue.limits.maximumWaiting }

    /// One page of the jobs of the handler's lane, whatever lane the query names.
    ///
    /// - Throws: `SERVER_ERROR` (500) when the store cannot be read.
    public func list(_ query: JobQuery) async throws(APIFailure) -> JobPage {
        var query = query
        query.lane = lane
        return try await queue.list(query)
    }

    /// Sends the webhook of a job that has ended again, from the first attempt on, with the same id and body.
    ///
    /// - Returns: The job, or nil for an unknown id.
    /// - Throws: `JOB_CONFLICT` (409) when it has no webhook or has not ended, `SERVER_ERROR` (500) when the store
    ///   cannot be written.
    public func retryWebhook(_ id: JobID) async throws(APIFailure) -> Job? {
        try await queue.retryWebhook(id)
    }

    /// Stops a pending or running job; when this returns it has ended, or 2 s have passed and it was given up.
    ///
    /// - Returns: The state it was in, or ``JobCancellation/alreadyFinished(_:)``, or nil for an unknown id.
    /// - Throws: `SERVER_ERROR` (500) when the store cannot be written.
    public func cancel(_ id: JobID) async throws(APIFailure) -> JobCancellation? {
        try await queue.cancel(id)
    }

    /// Removes a finished job from history.
    ///
    /// - Returns: The state it had, or nil when there is no such finished job.
    /// - Throws: `SERVER_ERROR` (500) when the store cannot be written.
    public func remove(_ id: JobID) async throws(APIFailure) -> JobStatus? { try await queue.remove(id) }
}
