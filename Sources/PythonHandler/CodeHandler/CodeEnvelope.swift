internal import RoostCore

/// The answers of ``CodeHandler``: one envelope for every outcome (contract §9).
struct CodeEnvelope: Sendable {
    /// What does not change as long as the server runs.
    struct Server: Sendable {
        let processID: Int
        let queueID: Int
        let buildNumber: String
    }

    let server: Server
    /// The path that was asked.
    let endpoint: String
    /// The client's own identifier.
    let id: String?
    /// Jobs that wait now.
    let queueLength: Int

    /// Of a job that has ended.
    func ended(_ job: Job) -> Response {
        let stdout = String(decoding: job.output.stdout, as: UTF8.self)
        let stderr = String(decoding: job.output.stderr, as: UTF8.self)
        guard job.status == .completed else {
            return failed(CodeFailure(job), stdout: stdout, stderr: stderr, job)
        }
        var outcome: JSONObject = [
            "result": job.output.result.map(JSON.text) ?? .null, "stdout": .string(stdout),
            "stderr": .string(stderr), "exit_code": 0,
        ]
        if job.output.resultIsRepr { outcome["result_repr"] = true }
        if job.output.resultIsTruncated { outcome["result_truncated"] = true }
        if job.output.isTruncated { outcome["truncated"] = true }
        return envelope(.ok, job: job, response: .object(outcome), message: "success", outcome)
    }

    /// Of a request whose parameters are refused.
    func refused(_ failure: APIFailure) -> Response {
        let text = "Missing or invalid parameters: \(failure.message)"
        var response = failed(CodeFailure(status: failure.status, exitCode: 400, text: text))
        for field in failure.fields.all { response.fields.append(field.name, field.value) }
        return response
    }

    /// Of a request for which the server itself could do nothing.
    func broken(_ failure: APIFailure) -> Response {
        let id = failure.details?["request_id"]?.string.map { ": " + $0 } ?? ""
        return failed(CodeFailure(status: failure.status, exitCode: 500, text: failure.message + id))
    }

    /// Of a request that comes while the server stops.
    func stopped() -> Response { failed(.serverStopped) }

    /// Of a request for which there is no place in the queue.
    func queueFull(_ failure: APIFailure, maximum: Int) -> Response {
        var body = start(failure.status)
        body["job_id"] = .null
        body["message"] = .string("MAX_QUEUE_LENGTH (\(maximum)) reached")
        addServer(to: &body)
        var response = Response.json(.object(body), status: failure.status)
        for field in failure.fields.all { response.fields.append(field.name, field.value) }
        return response
    }

    /// Of a request that does not wait for its job.
    ///
    /// - Parameters:
    ///   - job: Its id.
    ///   - maximum: Jobs that may wait.
    ///   - location: Where the job is shown.
    ///   - isPreferred: Whether that is because the request asked for it (RFC 7240 §3).
    /// - Returns: 202.
    func accepted(_ job: JobID, maximum: Int, location: String?, isPreferred: Bool) -> Response {
        var body = start(.accepted)
        body["job_id"] = job.json
        body["message"] = "processing"
        addServer(to: &body)
        body["max_queue_length"] = .int(maximum)
        var response = Response.json(.object(body), status: .accepted)
        if let location { response.fields.append("Location", location) }
        if isPreferred { response.fields.append("Preference-Applied", "respond-async") }
        return response
    }

    // MARK: Members

    private func failed(
        _ failure: CodeFailure, stdout: String = "", stderr: String = "", _ job: Job? = nil
    ) -> Response {
        var outcome: JSONObject = [
            "error": .string(failure.text), "stdout": .string(stdout), "stderr": .string(stderr),
            "exit_code": .int(failure.exitCode),
        ]
        outcome["traceback"] = failure.traceback.map(JSON.string)
        if job?.output.isTruncated == true { outcome["truncated"] = true }
        return envelope(failure.status, job: job, response: .null, message: .object(outcome), outcome)
    }

    /// `outcome` stands at the top as well, for clients of the bare edition.
    private func envelope(
        _ status: HTTPStatus, job: Job?, response: JSON, message: JSON, _ outcome: JSONObject
    ) -> Response {
        var body = start(status)
        body["job_id"] = (job?.id.description).json
        body["response"] = response
        body["message"] = message
        addServer(to: &body)
        let (queued, ran) = Self.times(job?.summary)
        body["run_time"] = Self.seconds(ran)
        body["queue_time"] = Self.seconds(queued)
        body["total_time"] = Self.seconds(queued + ran)
        for (name, value) in outcome.members { body[name] = value }
        return .json(.object(body), status: status)
    }

    private func start(_ status: HTTPStatus) -> JSONObject {
        ["endpoint": .string(endpoint), "code": .int(status.code), "id": id.json]
    }

    private func addServer(to body: inout JSONObject) {
        body["pid"] = .int(server.processID)
        body["queue_id"] = .int(server.queueID)
        body["queue_length"] = .int(queueLength)
        body["build_number"] = .string(server.buildNumber)
    }

    /// Milliseconds from being accepted to the start, or to the end of a job that never started, and from there on.
    private static func times(_ job: JobSummary?) -> (queued: Int, ran: Int) {
        guard let job, let end = job.startedAt ?? job.completedAt else { return (0, 0) }
        let (queued, overflow) = end.milliseconds.subtractingReportingOverflow(job.createdAt.milliseconds)
        // The wall clock may have been set back meanwhile.
        return (overflow ? 0 : Int(max(0, queued)), job.durationMilliseconds ?? 0)
    }

    private static func seconds(_ milliseconds: Int) -> JSON { .double(Double(milliseconds) / 1000) }
}
