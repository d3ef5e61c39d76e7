internal import RoostCore

/// How a job that did not end well is told by ``CodeHandler``: a status, an exit code as a shell would have it, a text.
struct CodeFailure {
    let status: HTTPStatus
    let exitCode: Int
    let text: String
    var traceback: String?

    /// Of a job that failed or was cancelled (contract §9).
    init(_ job: Job) {
        guard job.status != .cancelled, let failure = job.failure else {
            self.init(status: .conflict, exitCode: 130, text: APIError.jobCancelled.defaultMessage)
            return
        }
        switch APIError(rawValue: failure.code) {
        case .pythonSyntaxError, .pythonRuntimeError:
            let code = failure.details?["exit_code"]?.int ?? 1
            self.init(status: .badRequest, exitCode: code, text: failure.text)
        case .memoryLimit: self.init(status: .badRequest, exitCode: 137, text: failure.text)
        case .timeout:
            let seconds = job.summary.timeoutMilliseconds / 1000
            self.init(
                status: .requestTimeout, exitCode: 124, text: "Execution timed out after \(seconds) seconds")
        case .pythonProcessDied:
            let signal = failure.details?["signal"]?.string.flatMap(SignalName.number)
            let code = signal.map { -$0 } ?? failure.details?["exit_code"]?.int ?? 1
            self.init(status: .internalServerError, exitCode: code, text: failure.text)
        case .serverStopped: self = .serverStopped
        default: self.init(status: failure.status, exitCode: 1, text: failure.text)
        }
        traceback = failure.traceback
    }

    init(status: HTTPStatus, exitCode: Int, text: String) {
        self.status = status
        self.exitCode = exitCode
        self.text = text
    }

    /// The server stopped before the job began or ended.
    static var serverStopped: CodeFailure {
        CodeFailure(
            status: .serviceUnavailable, exitCode: 143, text: APIError.serverStopped.defaultMessage)
    }
}
