import RoostCore
import Testing

extension ServerProcess {
    static let code = "/v1/code/execute/python"

    /// `POST /v1/code/execute/python` of this code and these further fields.
    func run(
        _ code: String, _ more: JSONObject = [:], fields: [(String, String)] = []
    ) async throws -> HTTPAnswer {
        var body = more
        body["code"] = .string(code)
        return try await post(Self.code, .object(body), fields: fields)
    }
}

/// The envelope of §9 of a job that ended well, in both of its forms.
func expectResult(
    _ answer: HTTPAnswer, _ result: JSON, stdout: String = "", stderr: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
) {
    expectEnvelope(answer, 200, sourceLocation: sourceLocation)
    #expect(answer["message"] == "success", "\(answer.text)", sourceLocation: sourceLocation)
    #expect(answer["job_id"]?.string.map(isJobID) == true, sourceLocation: sourceLocation)
    for place in [answer.json, answer["response"]] {
        #expect(place?["result"] == result, "\(answer.text)", sourceLocation: sourceLocation)
        #expect(place?["stdout"] == .string(stdout), "\(answer.text)", sourceLocation: sourceLocation)
        #expect(place?["stderr"] == .string(stderr), "\(answer.text)", sourceLocation: sourceLocation)
        #expect(place?["exit_code"] == 0, "\(answer.text)", sourceLocation: sourceLocation)
    }
}

/// The envelope of §9 of anything else, in both of its forms.
func expectCodeFailure(
    _ answer: HTTPAnswer, _ status: Int, _ error: String, exitCode: Int, stdout: String = "",
    hasTraceback: Bool = false, sourceLocation: SourceLocation = #_sourceLocation
) {
    expectEnvelope(answer, status, sourceLocation: sourceLocation)
    #expect(answer["response"] == .null, "\(answer.text)", sourceLocation: sourceLocation)
    for place in [answer.json, answer["message"]] {
        #expect(place?["error"] == .string(error), "\(answer.text)", sourceLocation: sourceLocation)
        #expect(place?["stdout"] == .string(stdout), "\(answer.text)", sourceLocation: sourceLocation)
        #expect(place?["stderr"]?.string != nil, "\(answer.text)", sourceLocation: sourceLocation)
        #expect(place?["exit_code"] == .int(exitCode), "\(answer.text)", sourceLocation: sourceLocation)
        #expect((place?["traceback"] != nil) == hasTraceback, "\(answer.text)", sourceLocation: sourceLocation)
    }
}

private func expectEnvelope(_ answer: HTTPAnswer, _ status: Int, sourceLocation: SourceLocation) {
    #expect(answer.status == status, "\(answer.text)", sourceLocation: sourceLocation)
    #expect(answer["code"] == .int(status), "\(answer.text)", sourceLocation: sourceLocation)
    #expect(answer["endpoint"] == .string(ServerProcess.code), sourceLocation: sourceLocation)
    for name in ["id", "job_id", "response"] { #expect(answer[name] != nil, "\(name)", sourceLocation: sourceLocation) }
    for name in ["pid", "queue_id", "queue_length"] {
        #expect(isInteger(answer[name]), "\(name)", sourceLocation: sourceLocation)
    }
    for name in ["run_time", "queue_time", "total_time"] {
        #expect(answer[name]?.double.map { $0 >= 0 } == true, "\(name)", sourceLocation: sourceLocation)
    }
    #expect(answer["build_number"]?.string?.isEmpty == false, sourceLocation: sourceLocation)
}
