/// A status code (RFC 9110 §15) with its reason phrase.
public struct HTTPStatus: Hashable, Sendable, CustomStringConvertible {
    /// 100 to 599.
    public let code: Int

    /// Holds a code; one outside 100...599 becomes 500, since a handler's mistake must not break the framing.
    public init(_ code: Int) { self.code = (100...599).contains(code) ? code : 500 }

    /// Such as `404 Not Found`.
    public var description: String { "\(code) \(reasonPhrase)" }

    /// True for 1xx, 204 and 304, which never have a body (RFC 9110 §6.4.1).
    public var forbidsBody: Bool { code < 200 || code == 204 || code == 304 }

    /// RFC 9110 §15.3.1.
    public static let ok = HTTPStatus(200)
    /// RFC 9110 §15.3.2.
    public static let created = HTTPStatus(201)
    /// RFC 9110 §15.3.3.
    public static let accepted = HTTPStatus(202)
    /// RFC 9110 §15.3.5.
    public static let noContent = HTTPStatus(204)
    /// RFC 9110 §15.5.1.
    public static let badRequest = HTTPStatus(400)
    /// RFC 9110 §15.5.2.
    public static let unauthorized = HTTPStatus(401)
    /// RFC 9110 §15.5.4.
    public static let forbidden = HTTPStatus(403)
    /// RFC 9110 §15.5.5.
    public static let notFound = HTTPStatus(404)
    /// RFC 9110 §15.5.6.
    public static let methodNotAllowed = HTTPStatus(405)
    /// RFC 9110 §15.5.9.
    public static let requestTimeout = HTTPStatus(408)
    /// RFC 9110 §15.5.10.
    public static let conflict = HTTPStatus(409)
    /// RFC 9110 §15.5.14.
    public static let contentTooLarge = HTTPStatus(413)
    /// RFC 9110 §15.5.15.
    public static let uriTooLong = HTTPStatus(414)
    /// RFC 9110 §15.5.16.
    public static let unsupportedMediaType = HTTPStatus(415)
    /// RFC 9110 §15.5.18.
    public static let expectationFailed = HTTPStatus(417)
    /// RFC 9110 §15.5.21.
    public static let unprocessableContent = HTTPStatus(422)
    /// RFC 6585 §4.
    public static let tooManyRequests = HTTPStatus(429)
    /// RFC 6585 §5.
    public static let requestHeaderFieldsTooLarge = HTTPStatus(431)
    /// RFC 9110 §15.6.1.
    public static let internalServerError = HTTPStatus(500)
    /// RFC 9110 §15.6.2.
    public static let notImplemented = HTTPStatus(501)
    /// RFC 9110 §15.6.4.
    public static let serviceUnavailable = HTTPStatus(503)
    /// RFC 9110 §15.6.5.
    public static let gatewayTimeout = HTTPStatus(504)
    /// RFC 9110 §15.6.6.
    public static let versionNotSupported = HTTPStatus(505)

    /// The phrase of the IANA registry, or an empty one for a code not listed here.
    public var reasonPhrase: String {
        switch code {
        case 100: "Continue"
        case 200: "OK"
        case 201: "Created"
        case 202: "Accepted"
        case 204: "No Content"
        case 304: "Not Modified"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 410: "Gone"
        case 412: "Precondition Failed"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 415: "Unsupported Media Type"
        case 417: "Expectation Failed"
        case 422: "Unprocessable Content"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        case 505: "HTTP Version Not Supported"
        default: ""
        }
    }
}
