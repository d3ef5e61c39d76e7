import RoostCore

/// A finished job as one line of JSON: what an export writes and an import reads.
///
/// Everything in the record but the webhook, which is not to be sent again, and the idempotency key. Members that have
/// nothing to say are left out.
enum JobLine {
    /// Why a line is refused.
    struct Problem: Error { var text: String }

    /// - Returns: The line with its newline.
    static func write(_ job: Job) -> [UInt8] {
        let summary = job.summary
        let output = job.output
        var object: JSONObject = [
            "job_id": summary.id.json, "handler": .string(summary.handler), "lane": .string(summary.lane),
            "status": summary.status.json, "created_at": .string(summary.createdAt.description),
        ]
        object["started_at"] = summary.startedAt.map { .string($0.description) }
        object["completed_at"] = summary.completedAt.map { .string($0.description) }
        object["duration_ms"] = summary.durationMilliseconds.map(JSON.int)
        object["timeout_ms"] = .int(summary.timeoutMilliseconds)
        object["session"] = summary.session.map(JSON.string)
        object["client"] = summary.client.map(JSON.string)
        object["code"] = .string(job.input)
        write(output.stdout, "stdout", to: &object)
        write(output.stderr, "stderr", to: &object)
        if !output.logs.isEmpty {
            object["logs"] = .text(JSONText(trusted: JobRecordJSON.logs(output.logs[...])))
        }
        if let result = output.result {
            // Numbers beyond what we compute with would come back as others, or not at all.
            let value = try? result.value
            if value != nil { object["result"] = .text(result) }
            if value?.serialized() != result.bytes {
                object["result_text"] = .string(String(decoding: result.bytes, as: UTF8.self))
            }
        }
        if output.flags != 0 { object["flags"] = .int(Int(output.flags)) }
        object["error"] = job.failure.map { .text(JSONText(trusted: JobRecordJSON.failure($0))) }
        object["progress"] = job.progress?.json
        return JSON.object(object).serialized() + [0x0A]
    }

    private static func write(_ bytes: [UInt8], _ name: String, to object: inout JSONObject) {
        guard !bytes.isEmpty else { return }
        if let text = String(validating: bytes, as: UTF8.self) {
            object[name] = .string(text)
        } else {
            let digits = bytes.flatMap { [HexDigit.lowercase($0 >> 4), HexDigit.lowercase($0)] }
            object[name + "_hex"] = .string(String(decoding: digits, as: UTF8.self))
        }
    }

    /// - Throws: ``Problem`` for anything that ``write(_:)`` does not write.
    static func read(_ line: [UInt8]) throws(Problem) -> Job {
        let members = try JobLineMembers(line)
        guard let id = JobID(try members.string("job_id")) else { throw Problem(text: "'job_id' is no UUID") }
        guard let status = JobStatus(rawValue: try members.string("status")), status.isFinished else {
            throw Problem(text: "'status' must be completed, failed or cancelled")
        }
        var summary = JobSummary(
            id: id, handler: try members.string("handler"), lane: try members.string("lane"), status: status,
            createdAt: try members.time("created_at"), timeoutMilliseconds: try members.count("timeout_ms"))
        guard !summary.handler.isEmpty, !summary.lane.isEmpty else {
            throw Problem(text: "'handler' and 'lane' must not be empty")
        }
        summary.startedAt = members.has("started_at") ? try members.time("started_at") : nil
        summary.completedAt = try members.time("completed_at")
        summary.durationMilliseconds = try members.count("duration_ms")
        summary.session = members.has("session") ? try members.string("session") : nil
        summary.client = members.has("client") ? try members.string("client") : nil
        var output = JobOutput(stdout: try members.bytes("stdout"), stderr: try members.bytes("stderr"))
        output.result = try members.result()
        output.logs = try members.record("logs", JobRecordJSON.logs) ?? []
        output.mark(Int64(members.has("flags") ? try members.count("flags") : 0))
        return Job(
            summary: summary, input: try members.string("code"), output: output,
            failure: try members.record("error", JobRecordJSON.failure),
            progress: try members.record("progress", JobRecordJSON.progress))
    }
}
