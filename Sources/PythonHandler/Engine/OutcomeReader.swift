internal import RoostCore

/// Turns what a process says at its end into an outcome. Nothing in it is believed further than its shape.
enum OutcomeReader {
    /// Header and result of a `done` frame; nil when they do not have the form, which no runner of ours sends.
    static func read(header: [UInt8], result: [UInt8]) -> JobOutcome? {
        guard let object = (try? JSONParser.parse(header))?.object, let outcome = object["outcome"]?.string
        else { return nil }
        switch outcome {
        case "completed":
            let isTruncated = object["result_truncated"]?.bool ?? false
            let isRepr = object["result_repr"]?.bool ?? false
            guard !result.isEmpty else { return .completed(result: nil, isTruncated: isTruncated) }
            guard let text = try? JSONText(validating: result) else { return nil }
            return .completed(result: text, isTruncated: isTruncated, isRepr: isRepr)
        case "syntax_error": return .failed(failure(.pythonSyntaxError, object))
        case "memory_error": return .failed(failure(.memoryLimit, object))
        // An interrupt that nobody asked for is an exception like any other; one that the server sent is settled
        // by the job's stop reason, whatever this says.
        case "runtime_error", "interrupted": return .failed(failure(.pythonRuntimeError, object))
        default: return nil
        }
    }

    /// The failure of a job whose process ended before the job did.
    static func died(_ cause: ExitCause) -> JobFailure {
        switch cause {
        case .exited(let code):
            JobFailure(
                .pythonProcessDied,
                message: "The Python process exited with code \(code) before the job was done",
                details: ["exit_code": .int(code)])
        case .memoryLimit:
            JobFailure(.memoryLimit, message: "The job was ended for want of memory")
        case .signalled(let signal):
            JobFailure(
                .pythonProcessDied, message: "The Python process was ended by \(SignalName.of(signal))",
                details: ["signal": .string(SignalName.of(signal))])
        }
    }

    private static func failure(_ error: APIError, _ header: JSONObject) -> JobFailure {
        let message = header["message"]?.string ?? ""
        let line = header["line"]?.int.flatMap { $0 > 0 ? $0 : nil }
        return JobFailure(
            error, message: message.isEmpty ? nil : message, traceback: header["traceback"]?.string,
            line: line,
            type: header["type"]?.string,
            // Of a SystemExit.
            details: header["exit_code"]?.int.map { ["exit_code": .int($0)] })
    }
}
