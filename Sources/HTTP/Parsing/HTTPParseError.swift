package import RoostCore

/// Why a request is refused before anybody has looked at what it asks for. The connection closes after each of
/// these, since nobody knows where the next request would begin.
package enum HTTPParseError: Error, Hashable, Sendable, CaseIterable {
    case notHTTP
    case bareLineFeed
    case controlCharacter
    case malformedRequestLine
    case malformedVersion
    case unsupportedVersion
    case malformedTarget
    case malformedEscape
    case connectNotSupported
    case requestLineTooLong
    case tooManyEmptyLines
    case foldedField
    case malformedFieldName
    case fieldTooLong
    case fieldsTooLong
    case tooManyFields
    case missingHost
    case repeatedHost
    case malformedHost
    case malformedContentLength
    case conflictingContentLength
    case lengthAndTransferEncoding
    case transferEncodingInHTTP10
    case malformedTransferEncoding
    case unsupportedTransferEncoding
    case unsupportedExpectation
    case malformedChunkSize
    case chunkLineTooLong
    case chunkOverhead
    case malformedChunkEnd
    case bodyTooLarge
    case trailersTooLong

    /// What the refusal answers.
    package var status: HTTPStatus {
        switch self {
        case .notHTTP, .bareLineFeed, .controlCharacter, .malformedRequestLine, .malformedVersion,
            .malformedTarget, .malformedEscape, .tooManyEmptyLines, .foldedField, .malformedFieldName,
            .missingHost, .repeatedHost, .malformedHost, .malformedContentLength, .conflictingContentLength,
            .lengthAndTransferEncoding, .transferEncodingInHTTP10, .malformedTransferEncoding,
            .malformedChunkSize, .chunkLineTooLong, .chunkOverhead, .malformedChunkEnd:
            .badRequest
        case .bodyTooLarge: .contentTooLarge
        case .requestLineTooLong: .uriTooLong
        case .unsupportedExpectation: .expectationFailed
        case .fieldTooLong, .fieldsTooLong, .tooManyFields, .trailersTooLong: .requestHeaderFieldsTooLarge
        case .connectNotSupported, .unsupportedTransferEncoding: .notImplemented
        case .unsupportedVersion: .versionNotSupported
        }
    }

    /// What the client is told.
    package var reason: String {
        switch self {
        case .notHTTP: "This is no HTTP request; the server speaks HTTP/1.1 without TLS"
        case .bareLineFeed: "A line must end with CR LF"
        case .controlCharacter: "The request head has a control character"
        case .malformedRequestLine: "The request line must be: method SP target SP version"
        case .malformedVersion: "The version must be HTTP/1.0 or HTTP/1.1"
        case .unsupportedVersion: "Only HTTP/1.0 and HTTP/1.1 are supported"
        case .malformedTarget: "The request target must be a path, an absolute http URI or * for OPTIONS"
        case .malformedEscape: "The request target has a percent sign without two hexadecimal digits after it"
        case .connectNotSupported: "CONNECT is not supported"
        case .requestLineTooLong: "The request line is too long"
        case .tooManyEmptyLines: "Too many empty lines before the request"
        case .foldedField: "Field lines must not be folded"
        case .malformedFieldName: "A field line must be: name, colon, value"
        case .fieldTooLong: "A field line is too long"
        case .fieldsTooLong: "The field lines are too long together"
        case .tooManyFields: "There are too many field lines"
        case .missingHost: "The Host field is missing"
        case .repeatedHost: "The Host field is repeated"
        case .malformedHost: "The Host field is no valid host and port"
        case .malformedContentLength: "Content-Length is no valid length"
        case .conflictingContentLength: "Content-Length is repeated with different values"
        case .lengthAndTransferEncoding: "Content-Length and Transfer-Encoding exclude each other"
        case .transferEncodingInHTTP10: "HTTP/1.0 has no Transfer-Encoding"
        case .malformedTransferEncoding: "Transfer-Encoding must be chunked, once and last"
        case .unsupportedTransferEncoding: "Only the transfer coding chunked is supported"
        case .unsupportedExpectation: "Only the expectation 100-continue is supported"
        case .malformedChunkSize: "A chunk's size line is malformed"
        case .chunkLineTooLong: "A chunk's size line is too long"
        case .chunkOverhead: "The chunked body has more framing than content"
        case .malformedChunkEnd: "A chunk is longer than its size says"
        case .bodyTooLarge: APIError.payloadTooLarge.defaultMessage
        case .trailersTooLong: "The trailer section is too long"
        }
    }

    /// The answer in the one envelope (contract §4).
    package var failure: APIFailure {
        self == .bodyTooLarge
            ? APIFailure(.payloadTooLarge) : APIFailure(.badRequest, status: status, message: reason)
    }
}
