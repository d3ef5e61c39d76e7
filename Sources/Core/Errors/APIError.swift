/// Every error code that Roost itself answers with, and the only place where a code gets its HTTP status.
///
/// Throw a case as it is, or with a message and details by calling it:
/// `throw APIError.jobNotFound("Job with ID '\(id)' not found")`. A handler's own codes are an ``APIFailure``
/// made with its `init(code:status:message:)`.
public enum APIError: String, Error, CaseIterable, Sendable {
    /// The body lacks the required `code` field.
    case missingCode = "MISSING_CODE"
    /// `code` is null, empty or no string.
    case invalidCode = "INVALID_CODE"
    /// `timeout` is no number from 1 to 300.
    case invalidTimeout = "INVALID_TIMEOUT"
    /// The body is no JSON object in strict RFC 8259 form.
    case invalidJSON = "INVALID_JSON"
    /// The submitted Python does not compile.
    case pythonSyntaxError = "PYTHON_SYNTAX_ERROR"
    /// The submitted Python raised an exception.
    case pythonRuntimeError = "PYTHON_RUNTIME_ERROR"
    /// The job took longer than its timeout.
    case timeout = "TIMEOUT"
    /// No job has this id.
    case jobNotFound = "JOB_NOT_FOUND"
    /// A finished job cannot be cancelled.
    case jobAlreadyFinished = "JOB_ALREADY_FINISHED"
    /// The id is no UUID.
    case invalidJobID = "INVALID_JOB_ID"
    /// An error of the server's own; its cause is in the log only.
    case serverError = "SERVER_ERROR"
    /// No handler or endpoint answers to this path.
    case handlerNotFound = "HANDLER_NOT_FOUND"
    /// The path exists, but not with this method.
    case methodNotAllowed = "METHOD_NOT_ALLOWED"
    /// A required parameter is absent.
    case missingParameter = "MISSING_PARAMETER"
    /// A parameter is of the wrong type or out of its range.
    case invalidParameter = "INVALID_PARAMETER"
    /// No session has this name.
    case sessionNotFound = "SESSION_NOT_FOUND"
    /// An API key is needed and none, or a wrong one, was sent.
    case unauthorized = "UNAUTHORIZED"
    /// This `Origin` or `Host` may not call.
    case forbidden = "FORBIDDEN"
    /// The job was cancelled while the request waited for it.
    case jobCancelled = "JOB_CANCELLED"
    /// A job with this id exists and is another one.
    case jobConflict = "JOB_CONFLICT"
    /// The request body is larger than the server takes.
    case payloadTooLarge = "PAYLOAD_TOO_LARGE"
    /// The request body is of a media type the server does not read.
    case unsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE"
    /// As many jobs wait as may.
    case queueFull = "QUEUE_FULL"
    /// The process that ran the code ended before the code did.
    case pythonProcessDied = "PYTHON_PROCESS_DIED"
    /// The job needed more memory than it may have.
    case memoryLimit = "MEMORY_LIMIT"
    /// The server is stopping, or stopped while the job waited or ran.
    case serverStopped = "SERVER_STOPPED"
    /// Malformed HTTP; carried by 400, 414, 417, 431, 501 or 505.
    case badRequest = "BAD_REQUEST"

    /// The status each code answers with (contract §4).
    public var status: HTTPStatus {
        switch self {
        case .missingCode, .invalidCode, .invalidTimeout, .invalidJSON, .pythonSyntaxError,
            .jobAlreadyFinished, .invalidJobID, .missingParameter, .invalidParameter, .badRequest:
            .badRequest
        case .unauthorized: .unauthorized
        case .forbidden: .forbidden
        case .jobNotFound, .handlerNotFound, .sessionNotFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .jobCancelled, .jobConflict: .conflict
        case .payloadTooLarge: .contentTooLarge
        case .unsupportedMediaType: .unsupportedMediaType
        case .queueFull: .tooManyRequests
        case .pythonRuntimeError, .serverError, .pythonProcessDied, .memoryLimit: .internalServerError
        case .serverStopped: .serviceUnavailable
        case .timeout: .gatewayTimeout
        }
    }

    /// What is said when the place that throws says nothing more exact.
    public var defaultMessage: String {
        switch self {
        case .missingCode: "Missing required field: code"
        case .invalidCode: "Field 'code' must be a non-empty string"
        case .invalidTimeout: "Field 'timeout' must be a number of seconds from 1 to 300"
        case .invalidJSON: "Request body must be a valid JSON object"
        case .pythonSyntaxError: "Python code has a syntax error"
        case .pythonRuntimeError: "Python code raised an exception"
        case .timeout: "Execution timed out"
        case .jobNotFound: "Job not found"
        case .jobAlreadyFinished: "Job is already finished and cannot be cancelled"
        case .invalidJobID: "Job id must be a UUID"
        case .serverError: "Internal server error"
        case .handlerNotFound: "No handler for this path"
        case .methodNotAllowed: "Method not allowed for this endpoint"
        case .missingParameter: "Missing required parameter"
        case .invalidParameter: "Invalid parameter"
        case .sessionNotFound: "Session not found"
        case .unauthorized: "A valid API key is required"
        case .forbidden: "Requests from this origin or for this host are not allowed"
        case .jobCancelled: "Job was cancelled"
        case .jobConflict: "A different job with this id already exists"
        case .payloadTooLarge: "Request body is too large"
        case .unsupportedMediaType: "Content-Type must be application/json"
        case .queueFull: "Too many jobs are waiting; try again later"
        case .pythonProcessDied: "The Python process died"
        case .memoryLimit: "The job exceeded its memory limit"
        case .serverStopped: "The server is stopping"
        case .badRequest: "Malformed request"
        }
    }

    /// The case with a message of its own, details and extra response fields.
    ///
    /// - Parameters:
    ///   - message: For people; says what to do about it. Goes to the client.
    ///   - details: Machine-readable context, sent as `error.details`.
    /// - Returns: The failure to throw.
    public func callAsFunction(_ message: String, details: JSONObject? = nil) -> APIFailure {
        APIFailure(self, message: message, details: details)
    }
}
