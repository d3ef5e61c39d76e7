extension JobQueue {
    /// See ``HandlerJobs/submit(_:work:)``.
    public func submit(
        _ request: JobRequest, handler: String, lane: String, work: @escaping JobWork
    ) async throws(APIFailure) -> JobHandle {
        switch try await accept(request, once: nil, handler: handler, lane: lane, work: work) {
        case .new(let handle): return handle
        case .known(let id): throw Self.conflict(id)
        }
    }

    /// See ``HandlerJobs/submit(_:once:work:)``.
    public func submit(
        _ request: JobRequest, once key: IdempotencyKey, handler: String, lane: String,
        work: @escaping JobWork
    ) async throws(APIFailure) -> JobSubmission {
        switch try await accept(request, once: key, handler: handler, lane: lane, work: work) {
        case .new(let handle): return .accepted(handle)
        case .known(let id):
            guard let job = try await job(id) else { throw APIFailure(.serverError) }
            guard job.status.isFinished else {
                throw APIError.jobConflict(
                    "The first request with this Idempotency-Key is still running, as job '\(id)'",
                    details: ["job_id": id.json])
            }
            return .replayed(job)
        }
    }
}
