import RoostCore
import Testing

@Suite struct `API errors` {
    /// Contract §4, written out here on purpose: the switch in ``APIError`` is checked against the table.
    static let table: [(String, Int)] = [
        ("MISSING_CODE", 400), ("INVALID_CODE", 400), ("INVALID_TIMEOUT", 400), ("INVALID_JSON", 400),
        ("PYTHON_SYNTAX_ERROR", 400), ("PYTHON_RUNTIME_ERROR", 500), ("TIMEOUT", 504), ("JOB_NOT_FOUND", 404),
        ("JOB_ALREADY_FINISHED", 400), ("INVALID_JOB_ID", 400), ("SERVER_ERROR", 500),
        ("HANDLER_NOT_FOUND", 404), ("METHOD_NOT_ALLOWED", 405), ("MISSING_PARAMETER", 400),
        ("INVALID_PARAMETER", 400), ("SESSION_NOT_FOUND", 404), ("UNAUTHORIZED", 401), ("FORBIDDEN", 403),
        ("JOB_CANCELLED", 409), ("JOB_CONFLICT", 409), ("PAYLOAD_TOO_LARGE", 413),
        ("UNSUPPORTED_MEDIA_TYPE", 415), ("QUEUE_FULL", 429), ("PYTHON_PROCESS_DIED", 500),
        ("MEMORY_LIMIT", 500), ("SERVER_STOPPED", 503), ("BAD_REQUEST", 400),
    ]

    @Test(arguments: table)
    func `has the contract's status`(code: String, status: Int) {
        #expect(APIError(rawValue: code)?.status.code == status)
    }

    @Test func `has no code that the contract does not know`() {
        #expect(Set(APIError.allCases.map(\.rawValue)) == Set(Self.table.map(\.0)))
    }

    @Test(arguments: APIError.allCases)
    func `says something for people`(error: APIError) {
        #expect(!error.defaultMessage.isEmpty)
    }

    @Test func `answers in one envelope with its details, members and fields`() {
        var failure = APIError.jobNotFound("gone", details: ["parameter": "id"]).with(field: "Retry-After", "3")
        failure.errorMembers["line"] = 2
        failure.envelopeMembers["job_id"] = "x"
        let response = failure.response
        #expect(response.status == .notFound)
        #expect(response.fields["retry-after"] == "3")
        #expect(response.fields["content-type"] == "application/json")
        guard case .bytes(let bytes) = response.body else {
            Issue.record("expected bytes")
            return
        }
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == #"{"success":false,"error":{"code":"JOB_NOT_FOUND","message":"gone","details":{"parameter":"id"},"line":2},"job_id":"x"}"#
        )
    }
}
