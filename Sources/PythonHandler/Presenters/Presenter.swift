internal import RoostCore

/// How the Python handler's answers look: everything in which the dialects differ, and nothing else.
protocol Presenter: JobPresenter {
    /// False when the `async` field is accepted and ignored.
    var honoursAsync: Bool { get }
    /// An error answer of an endpoint.
    func translate(_ failure: APIFailure, id: String?) -> APIFailure
}

extension Presenter {
    // MARK: POST /execute

    /// The answer to a request that waited for a job that has ended.
    func executed(_ job: Job) -> Response {
        switch job.status {
        case .completed:
            var body: JSONObject = [
                "success": true, "job_id": job.id.json, "status": job.status.json,
                "output": .string(Self.output(job)),
                "logs": logs(job.output.logs), "stderr": .string(Self.stderr(job)),
                "result": Self.result(job),
                "duration_ms": .int(job.summary.durationMilliseconds ?? 0),
            ]
            Self.addFlags(job, to: &body)
            return .json(.object(body))
        case .cancelled: return failed(job, JobFailure(.jobCancelled))
        case .failed: return failed(job, job.failure ?? JobFailure(.serverError))
        case .pending, .running: return accepted(job.id, job.status, location: nil)
        }
    }

    /// The answer to a request whose job failed, with what was captured.
    func failed(_ job: Job, _ failure: JobFailure) -> Response {
        var body: JSONObject = [
            "success": false, "job_id": job.id.json, "error": Self.error(failure),
            "output": .string(Self.output(job)),
            "logs": logs(job.output.logs), "stderr": .string(Self.stderr(job)),
            "duration_ms": .int(job.summary.durationMilliseconds ?? 0),
        ]
        Self.addFlags(job, to: &body)
        return .json(.object(body), status: failure.status)
    }

    /// 202.
    func accepted(_ id: JobID, _ status: JobStatus, location: String?) -> Response {
        var response = Response.json(
            ["success": true, "job_id": id.json, "status": status.json], status: .accepted)
        if let location { response.fields.append("Location", location) }
        return response
    }
}
