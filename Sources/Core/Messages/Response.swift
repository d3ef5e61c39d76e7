/// What a handler answers: status, fields and a body of bytes or a stream.
///
/// `Date`, `Content-Length`, `Transfer-Encoding` and `Connection` are the server's business and are not set here.
public struct Response: Sendable {
    /// The body, whole or produced while it is sent.
    public enum Body: Sendable {
        /// All of it; empty for none.
        case bytes([UInt8])
        /// Sent chunked as it is produced.
        case stream(BodyStream)
    }

    /// The status code.
    public var status: HTTPStatus
    /// Fields of the response but for those the server sets.
    public var fields: HTTPFields
    /// The body.
    public var body: Body

    /// The request it answers, for the access log; never sent. The service sets it.
    package var requestID: RequestID?
    /// The name of the client it goes to, for the access log; never sent. The guard sets it.
    package var clientName: String?

    /// Puts a response together.
    public init(status: HTTPStatus = .ok, fields: HTTPFields = HTTPFields(), body: Body = .bytes([])) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// A JSON document with `Content-Type: application/json`.
    public static func json(_ value: JSON, status: HTTPStatus = .ok) -> Response {
        json(bytes: value.serialized(), status: status)
    }

    /// A JSON document that is already text.
    package static func json(bytes: [UInt8], status: HTTPStatus = .ok) -> Response {
        Response(status: status, fields: jsonFields, body: .bytes(bytes))
    }

    /// Made once and shared until somebody adds a field.
    private static let jsonFields: HTTPFields = {
        var fields = HTTPFields()
        fields.append("Content-Type", "application/json")
        return fields
    }()

    /// Plain text in UTF-8.
    public static func text(_ text: String, status: HTTPStatus = .ok) -> Response {
        var fields = HTTPFields()
        fields.append("Content-Type", "text/plain; charset=utf-8")
        return Response(status: status, fields: fields, body: .bytes(Array(text.utf8)))
    }

    /// A body of any media type that is produced while it is sent.
    public static func stream(
        _ stream: BodyStream, contentType: String, status: HTTPStatus = .ok
    ) -> Response {
        var fields = HTTPFields()
        fields.append("Content-Type", contentType)
        return Response(status: status, fields: fields, body: .stream(stream))
    }

    /// Server-sent events, with a comment line whenever none has come for as long as `heartbeat` (15 s), so that
    /// neither side nor a proxy takes the connection for dead.
    public static func serverSentEvents<Events: AsyncSequence & Sendable>(
        _ events: Events, heartbeat: Duration = .seconds(15)
    ) -> Response where Events.Element == ServerSentEvent {
        var response = stream(
            BodyStream(EventStream(events: events, heartbeat: heartbeat)), contentType: "text/event-stream")
        response.fields.append("Cache-Control", "no-store")
        return response
    }

    /// 204 without a body.
    public static let noContent = Response(status: .noContent)
}
