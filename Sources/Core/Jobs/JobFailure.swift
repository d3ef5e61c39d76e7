/// Why a job failed.
public struct JobFailure: Error, Sendable, Equatable {
    /// Stable and machine-readable: an ``APIError`` code or a handler's own.
    public var code: String
    /// The status with which a request that waits for the job is answered.
    public var status: HTTPStatus
    /// For people.
    public var message: String
    /// Where the job's code raised it, in the code's own language; nil when it did not.
    public var traceback: String?
    /// The line of the submitted code; nil when unknown.
    public var line: Int?
    /// The class of the exception; nil when there was none.
    public var type: String?
    /// Machine-readable context.
    public var details: JSONObject?

    /// One of Roost's own codes.
    public init(
        _ error: APIError, message: String? = nil, traceback: String? = nil, line: Int? = nil,
        type: String? = nil, details: JSONObject? = nil
    ) {
        self.init(
            code: error.rawValue, status: error.status, message: message ?? error.defaultMessage,
            traceback: traceback, line: line, type: type, details: details)
    }

    /// `SERVER_STOPPED` of a job that waited or ran, with `details.previous_status`.
    package init(serverStoppedWhile status: JobStatus) {
        self.init(
            .serverStopped,
            message: status == .pending
                ? "The server stopped before the job was started"
                : "The server stopped while the job was running",
            details: ["previous_status": status.json])
    }

    /// Any code.
    public init(
        code: String, status: HTTPStatus, message: String, traceback: String? = nil, line: Int? = nil,
        type: String? = nil, details: JSONObject? = nil
    ) {
        self.code = code
        self.status = status
        self.message = message
        self.traceback = traceback
        self.line = line
        self.type = type
        self.details = details
    }
}
