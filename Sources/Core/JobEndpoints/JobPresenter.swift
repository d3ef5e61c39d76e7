/// How jobs look on the wire, wherever they are listed, shown and deleted. The defaults are the form of the server's own
/// endpoints; a dialect says where it differs.
package protocol JobPresenter: Sendable {
    /// True when DELETE without a mode removes a finished job.
    var removesByDefault: Bool { get }
    /// What `DELETE` says of a job that it stopped.
    func cancelMessage(_ id: JobID) -> String
    /// The value of `logs`.
    func logs(_ entries: [JobLogEntry]) -> JSON
    /// Members that a job in a list or by itself has beyond those that all dialects share.
    func additions(_ summary: JobSummary) -> JSONObject
    /// The `error` member of a job, or nil for none.
    func error(of job: Job) -> JSON?
}

extension JobPresenter {
    package var removesByDefault: Bool { true }

    package func cancelMessage(_ id: JobID) -> String { "Job cancelled" }

    package func logs(_ entries: [JobLogEntry]) -> JSON {
        .array(
            entries.map { entry in
                [
                    "level": entry.level.json, "message": .string(entry.message),
                    "timestamp": .string(entry.timestamp.description),
                ]
            })
    }

    package func additions(_ summary: JobSummary) -> JSONObject { [:] }

    package func error(of job: Job) -> JSON? { job.failure.map(Self.error) ?? .null }

    // MARK: GET /jobs, GET /job

    /// One page of a list.
    package func page(_ page: JobPage, limit: Int, offset: Int) -> Response {
        let jobs = page.jobs.map { summary in
            var item = Self.shared(summary)
            Self.append(additions(summary), to: &item)
            return JSON.object(item)
        }
        var body: JSONObject = [
            "success": true, "jobs": .array(jobs), "total": .int(page.total), "limit": .int(limit),
            "offset": .int(offset), "next_cursor": page.nextCursor.map { .string($0.description) } ?? .null,
        ]
        if page.totalIsMinimum { body["total_is_minimum"] = true }
        body["hint"] = page.hint.map(JSON.string)
        return .json(.object(body))
    }

    /// One job with everything.
    package func detail(_ job: Job) -> Response { .json(["success": true, "job": .object(object(job))]) }

    /// A job as `GET /job` shows it; also the last event of a job.
    package func object(_ job: Job) -> JSONObject {
        var object = Self.shared(job.summary)
        Self.append(additions(job.summary), to: &object)
        object["code"] = .string(job.input)
        object["output"] = .string(Self.output(job))
        object["logs"] = logs(job.output.logs)
        object["error"] = error(of: job)
        object["stderr"] = .string(Self.stderr(job))
        object["result"] = Self.result(job)
        object["progress"] = job.progress?.json ?? .null
        object["timeout"] = (Double(job.summary.timeoutMilliseconds) / 1000).json
        object["webhook"] = job.webhook.map(Self.webhook)
        Self.addFlags(job, to: &object)
        return object
    }

    /// 202: a webhook is sent again.
    package func retried(_ job: Job) -> Response {
        var body: JSONObject = ["success": true, "job_id": job.id.json]
        body["webhook"] = job.webhook.map(Self.webhook)
        return .json(.object(body), status: .accepted)
    }

    private static func webhook(_ webhook: JobWebhook) -> JSON {
        [
            "url": .string(webhook.url), "status": .string(webhook.state.rawValue),
            "attempts": .int(webhook.attempts), "last_status": webhook.lastStatus.json,
            "last_error": webhook.lastError.json, "last_attempt_at": time(webhook.lastAttemptAt),
            "next_attempt_at": time(webhook.nextAttemptAt), "delivered_at": time(webhook.deliveredAt),
        ]
    }

    // MARK: DELETE /job

    /// A job was stopped.
    package func cancelled(_ id: JobID, previous: JobStatus) -> Response {
        Self.deleted(cancelMessage(id), id, previous)
    }

    /// A finished job was removed.
    package func removed(_ id: JobID, previous: JobStatus) -> Response {
        Self.deleted("Job removed from history", id, previous)
    }

    private static func deleted(_ message: String, _ id: JobID, _ previous: JobStatus) -> Response {
        .json([
            "success": true, "message": .string(message), "job_id": id.json, "previous_status": previous.json,
        ])
    }

    // MARK: Members

    private static func shared(_ summary: JobSummary) -> JSONObject {
        [
            "job_id": summary.id.json, "id": summary.id.json, "status": summary.status.json,
            "created_at": .string(summary.createdAt.description), "started_at": time(summary.startedAt),
            "completed_at": time(summary.completedAt), "duration_ms": summary.durationMilliseconds.json,
            "handler": .string(summary.handler), "client": summary.client.json,
            "session": summary.session.json,
        ]
    }

    private static func time(_ timestamp: Timestamp?) -> JSON { (timestamp?.description).json }

    private static func append(_ additions: JSONObject, to object: inout JSONObject) {
        for (name, value) in additions.members { object[name] = value }
    }

    /// Standard output less one final newline; bytes that are no UTF-8 read as U+FFFD.
    package static func output(_ job: Job) -> String {
        let bytes = job.output.stdout
        return String(decoding: bytes.last == 0x0A ? bytes.dropLast() : bytes[...], as: UTF8.self)
    }

    /// Standard error; bytes that are no UTF-8 read as U+FFFD.
    package static func stderr(_ job: Job) -> String { String(decoding: job.output.stderr, as: UTF8.self) }

    /// The result, null where there is none.
    package static func result(_ job: Job) -> JSON { job.output.result.map(JSON.text) ?? .null }

    /// Members that are there only where they say something.
    package static func addFlags(_ job: Job, to object: inout JSONObject) {
        if job.output.isTruncated { object["truncated"] = true }
        if job.output.logsAreTruncated { object["logs_truncated"] = true }
        if job.output.resultIsTruncated { object["result_truncated"] = true }
        if job.output.resultIsRepr { object["result_repr"] = true }
        if job.output.sessionWasReset { object["session_reset"] = true }
        if job.output.wasResumed { object["resumed"] = true }
    }

    /// The `error` object of both the envelope and a job.
    package static func error(_ failure: JobFailure) -> JSON {
        var error: JSONObject = ["code": .string(failure.code), "message": .string(failure.message)]
        error["details"] = failure.details.map(JSON.object)
        error["traceback"] = failure.traceback.map(JSON.string)
        error["line"] = failure.line.map(JSON.int)
        error["type"] = failure.type.map(JSON.string)
        return .object(error)
    }
}
