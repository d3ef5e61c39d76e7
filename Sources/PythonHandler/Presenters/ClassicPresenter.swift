internal import RoostCore

/// "Python Endpoints": log entries and errors of jobs are texts, and the end of a job is `ended_at`.
struct ClassicPresenter: Presenter {
    var honoursAsync: Bool { false }
    var removesByDefault: Bool { false }

    func cancelMessage(_ id: JobID) -> String { "Job '\(id)' has been cancelled" }

    func logs(_ entries: [JobLogEntry]) -> JSON { .array(entries.map { .string($0.message) }) }

    func additions(_ summary: JobSummary) -> JSONObject {
        guard let end = summary.completedAt, summary.status.isFinished else { return [:] }
        return ["ended_at": .string(end.description)]
    }

    func error(of job: Job) -> JSON? {
        guard job.status == .failed, let failure = job.failure else { return nil }
        return .string(failure.text)
    }

    func translate(_ failure: APIFailure, id: String?) -> APIFailure {
        var failure = failure
        switch failure.code {
        case APIError.invalidJSON.rawValue: failure.code = "INVALID_REQUEST"
        case APIError.missingCode.rawValue, APIError.invalidCode.rawValue: failure.code = "MISSING_FIELD"
        case APIError.invalidJobID.rawValue where id != nil:
            failure.code = APIError.jobNotFound.rawValue
            failure.status = APIError.jobNotFound.status
            failure.message = "Job with ID '\(id ?? "")' not found"
            failure.details = nil
        default: break
        }
        return failure
    }
}
