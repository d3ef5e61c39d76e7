public import RoostCore

/// One request and its answer, for an access log.
public struct Exchange: Sendable {
    /// The request's name in the log; nil when no service saw it.
    public let requestID: RequestID?
    /// The name that the client's API key has; nil for none.
    public let clientName: String?
    /// The request's method; nil when its head could not be read.
    public let method: HTTPMethod?
    /// The request's target; nil when its head could not be read.
    public let target: String?
    /// The answer's status.
    public let status: HTTPStatus
    /// Bytes of the answer's body without its transfer coding.
    public let bodyBytes: Int
    /// From the end of the request's head to the last byte of the answer given to the kernel.
    public let duration: Duration
    /// Who asked.
    public let client: ClientAddress
    /// False when the connection broke before the whole answer was sent.
    public let isComplete: Bool
}
