/// Bytes that are no HTTP/1.1 answer, or not one that a client takes.
enum AnswerError: Error, Sendable, Equatable, CustomStringConvertible {
    case malformedHead
    case headTooLarge
    case malformedChunk
    case unsupportedCoding
    case bodyTooLarge
    /// The connection ended before the answer did.
    case cutOff

    var description: String {
        switch self {
        case .malformedHead, .malformedChunk: "its answer is no HTTP"
        case .headTooLarge: "the head of its answer is too large"
        case .unsupportedCoding: "its answer has a coding that nobody asked for"
        case .bodyTooLarge: "its answer is too large"
        case .cutOff: "its answer breaks off"
        }
    }
}
