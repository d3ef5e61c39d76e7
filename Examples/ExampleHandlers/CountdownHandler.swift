public import RoostCore

/// Counts down to zero: work that takes its time, as a job with progress, log lines and cancellation.
///
/// The queue gives the rest: the job is in the history before it starts, has a time-out, ends when the server
/// does, and waits its turn when four others of this handler run.
///
/// ```
/// curl localhost:8080/api/v1/countdown/start -d '{"from": 10, "async": true}' -H 'Content-Type: application/json'
/// {"success":true,"job_id":"019a…","status":"pending"}
/// curl 'localhost:8080/api/v1/countdown/job?id=019a…'
/// {"success":true,"job_id":"019a…","status":"running","progress":0.3,"message":"7 to go","logs":["10","9","8"]}
/// ```
public struct CountdownHandler: Handler {
    /// `countdown`.
    public let name = "countdown"
    /// One sentence for the listing.
    public let description = "Counts down, as a job"

    static let from = BodyParameter<Int>("from", "Where to begin", in: 1...1000, required: true)
    static let interval = BodyParameter<Int>(
        "interval_ms", "Milliseconds between two numbers", in: 1...60_000, default: 1000)
    static let isAsync = BodyParameter<Bool>("async", "Answer at once, with the job's id", default: false)
    static let id = QueryParameter<String>("id", "The job's id", required: true)

    /// A countdown.
    public init() {}

    /// The endpoints; paths are relative to `/api/v1/countdown`.
    public var endpoints: [Endpoint] {
        Endpoint(.post, "/start", "Starts a countdown", Self.from, Self.interval, Self.isAsync) { request in
            let (from, interval) = (try request[Self.from], try request[Self.interval])
            // What it needs and a little more; beyond that it is stopped and fails with TIMEOUT.
            let job = JobRequest(
                input: "\(from) every \(interval) ms", timeoutMilliseconds: from * interval + 10_000)
            let handle = try await request.context.jobs.submit(job, work: Self.work(from, interval))
            guard try !request[Self.isAsync] else {
                let answer: JSON = ["success": true, "job_id": handle.id.json, "status": "pending"]
                var response = Response.json(answer, status: .accepted)
                response.fields.append("Location", "/api/v1/countdown/job?id=\(handle.id)")
                return response
            }
            // Suspends, blocks nobody. A client that goes away does not end the job.
            let ended = try await handle.finished()
            if let failure = ended.failure {
                throw APIFailure(code: failure.code, status: failure.status, message: failure.message)
            }
            if ended.status == .cancelled { throw APIError.jobCancelled }
            return .json(Self.answer(ended))
        }
        Endpoint(.get, "/job", "How far a countdown is", Self.id) { request in
            .json(Self.answer(try await self.job(request)))
        }
        Endpoint(.delete, "/job", "Stops a countdown", Self.id) { request in
            let job = try await self.job(request)
            // Nil only when it was removed since.
            switch try await request.context.jobs.cancel(job.id) {
            case .cancelled(let previous):
                return .json([
                    "success": true, "job_id": job.id.json, "message": "Job cancelled",
                    "previous_status": previous.json,
                ])
            case .alreadyFinished(let status):
                throw APIError.jobAlreadyFinished("Job '\(job.id)' is already \(status.rawValue)")
            case nil: throw APIError.jobNotFound
            }
        }
    }

    /// A countdown that waited for its turn when the server died is counted by the next one (`--resume requeue`): all that
    /// has to be known for it stands in the record.
    public func resume(_ job: Job, _ context: HandlerContext) throws -> ResumedWork? {
        let words = job.input.split(separator: " ")
        guard words.count == 4, let from = Int(words[0]), let interval = Int(words[2]) else { return nil }
        return ResumedWork(work: Self.work(from, interval))
    }

    private static func work(_ from: Int, _ interval: Int) -> JobWork {
        { context in try await count(from, every: .milliseconds(interval), context) }
    }

    /// The work itself. It is a task that is cancelled when the job is to stop: `Task.sleep` then throws, and what
    /// the job ends as follows from why it was stopped.
    private static func count(
        _ start: Int, every interval: Duration, _ context: JobContext
    ) async throws -> JobOutcome {
        for number in stride(from: start, to: 0, by: -1) {
            context.log(.info, "\(number)")
            try await Task.sleep(for: interval)
            context.progress(Double(start - number + 1) / Double(start), "\(number - 1) to go")
        }
        return .completed(result: try JSONText(validating: Array(#""lift-off""#.utf8)))
    }

    /// The job that the request names, if it is a countdown.
    private func job(_ request: Request) async throws -> Job {
        let sent = try request[Self.id]
        guard let id = JobID(sent) else { throw APIError.invalidJobID }
        guard let job = try await request.context.jobs.job(id), job.summary.handler == name else {
            throw APIError.jobNotFound("Job with ID '\(sent)' not found")
        }
        return job
    }

    private static func answer(_ job: Job) -> JSON {
        var answer: JSONObject = [
            "success": true, "job_id": job.id.json, "status": job.status.json,
            "logs": job.output.logs.map(\.message).json,
        ]
        // Progress is there while the job runs, the result when it has ended well.
        answer["progress"] = job.progress?.fraction.json
        answer["message"] = job.progress?.message.json
        answer["result"] = job.output.result.map(JSON.text)
        return .object(answer)
    }
}
