internal import RoostCore

/// "UnrealPythonREST API Reference", the main contract.
struct ReferencePresenter: Presenter {
    var honoursAsync: Bool { true }
    var removesByDefault: Bool { true }

    func cancelMessage(_ id: JobID) -> String { "Job cancelled" }

    func logs(_ entries: [JobLogEntry]) -> JSON {
        .array(
            entries.map { entry in
                [
                    "level": entry.level.json, "message": .string(entry.message),
                    "timestamp": .string(entry.timestamp.description),
                ]
            })
    }

    func additions(_ summary: JobSummary) -> JSONObject { [:] }

    func error(of job: Job) -> JSON? { job.failure.map(Self.error) ?? .null }

    func translate(_ failure: APIFailure, id: String?) -> APIFailure { failure }
}
