/// Why a command did not get its answer from a server. The description is one line that says what to do.
enum ClientError: Error, Sendable, Equatable {
    /// No discovery file is in this folder or one above it.
    case noServerFound(folder: String)
    /// Nobody listens there.
    case notRunning(address: String, project: String?)
    /// The server of this project has gone without a word, and somebody else has its port.
    case otherServer(address: String, project: String)
    /// The address cannot be reached, or its name not be looked up.
    case unreachable(address: String, reason: String)
    /// Nothing came for so many seconds.
    case timedOut(address: String, seconds: Int)
    /// The connection broke off in the middle.
    case broken(address: String)
    /// What answers there is no HTTP server, or no Roost.
    case noRoost(address: String, reason: String)
    /// The server's own error.
    case refused(Refusal)
    /// A signal came, Ctrl-C for one.
    case interrupted(signal: Int32)

    /// Whether it may be over soon: a connection that broke off, a server that starts anew.
    var mayPass: Bool {
        switch self {
        case .broken, .timedOut, .notRunning: true
        default: false
        }
    }

    /// An error envelope.
    struct Refusal: Sendable, Equatable {
        let status: Int
        /// Stable, such as `JOB_NOT_FOUND`.
        let code: String
        /// For people.
        let message: String
    }
}

extension ClientError: CustomStringConvertible {
    var description: String {
        switch self {
        case .noServerFound(let folder):
            "no server is running for \(folder) or a folder above it; start one with 'roost serve', or name one with --project or --url"
        case .notRunning(let address, let project?):
            "no server answers at \(address); start it with 'roost serve --project \(project)'"
        case .notRunning(let address, nil): "no server answers at \(address); start one with 'roost serve'"
        case .otherServer(let address, let project):
            "the server of \(project) is gone, and another one answers at \(address); start it with 'roost serve --project \(project)'"
        case .unreachable(let address, let reason): "cannot reach \(address): \(reason)"
        case .timedOut(let address, let seconds): "\(address) has not answered for \(seconds) s"
        case .broken(let address): "the connection to \(address) broke off; did the server stop?"
        case .noRoost(let address, let reason): "what answers at \(address) is no Roost server: \(reason)"
        case .refused(let refusal) where refusal.status == 401:
            "the server wants an API key (\(refusal.message)); put it into ROOST_API_KEY or name a file with --api-key-file"
        case .refused(let refusal): "\(SafeText.line(refusal.message)) (\(SafeText.line(refusal.code)))"
        case .interrupted: "interrupted"
        }
    }
}
