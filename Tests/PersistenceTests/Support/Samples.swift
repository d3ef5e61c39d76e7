import RoostCore

extension Timestamp {
    /// A moment in November 2023.
    static let sample = Timestamp(milliseconds: 1_700_000_000_000)

    static func + (left: Timestamp, milliseconds: Int64) -> Timestamp {
        Timestamp(milliseconds: left.milliseconds + milliseconds)
    }
}

extension Job {
    /// A pending job with a new id.
    static func sample(
        id: JobID? = nil, handler: String = "python", lane: String = "python", at time: Timestamp = .sample,
        input: String = "print('hello')"
    ) -> Job {
        Job(
            summary: JobSummary(
                id: id ?? .generate(at: time), handler: handler, lane: lane, createdAt: time,
                timeoutMilliseconds: 30_000),
            input: input)
    }
}

extension JobEnd {
    static func sample(
        _ status: JobStatus = .completed, at time: Timestamp = .sample + 20, output: JobOutput = JobOutput(),
        failure: JobFailure? = nil
    ) -> JobEnd {
        JobEnd(status: status, completedAt: time, durationMilliseconds: 15, output: output, failure: failure)
    }
}

extension JobOutput {
    /// Something in every column, and nothing that is easy to store.
    static let rich = JobOutput(
        stdout: [0x68, 0x69, 0, 0xFF, 0x0A], stderr: Array("Warnung: ä\n".utf8),
        logs: [
            JobLogEntry(level: .info, message: "hi\u{0}\"\\", timestamp: .sample + 1),
            JobLogEntry(level: .warning, message: "", timestamp: .sample + 2),
            JobLogEntry(level: .error, message: "e\u{301} 👩‍💻\n", timestamp: .sample + 3),
        ],
        isTruncated: true, logsAreTruncated: false, result: JSONText(trusted: Array(#"{"a":[1,null,"\ud800"]}"#.utf8)),
        resultIsTruncated: true, resultIsRepr: true)
}
