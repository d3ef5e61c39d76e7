public import RoostCore

/// Answers with what it was sent: the smallest handler there is, and what a benchmark posts to.
///
/// ```
/// curl localhost:8080/api/v1/echo -d '{"a": 1}' -H 'Content-Type: application/json'
/// {"a":1}
/// curl 'localhost:8080/api/v1/echo/text?text=hello&times=2'
/// hellohello
/// ```
public struct EchoHandler: Handler {
    /// `echo`.
    public let name = "echo"
    /// One sentence for the listing.
    public let description = "Answers with what it was sent"

    // A parameter is declared once, as a typed key. Validation, typed access below and the entry in `/handlers`
    // all come from it.
    static let text = QueryParameter<String>("text", "What to answer", required: true)
    static let times = QueryParameter<Int>("times", "How often to say it", in: 1...100, default: 1)

    /// An echo.
    public init() {}

    /// The endpoints; paths are relative to `/api/v1/echo`.
    public var endpoints: [Endpoint] {
        Endpoint(.post, "/", "The JSON object of the body") { request in
            // Without body parameters the body is left alone, so it is read here.
            guard let object = (try? JSONParser.parse(request.body))?.object else {
                throw APIError.invalidJSON
            }
            return .json(.object(object))
        }
        Endpoint(.get, "/text", "A text, once or more often", Self.text, Self.times) { request in
            // Both are there and valid when this runs.
            .text(String(repeating: try request[Self.text], count: try request[Self.times]))
        }
    }
}
