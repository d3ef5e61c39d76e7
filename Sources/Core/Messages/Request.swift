/// A request as a handler sees it: routed, its parameters read and validated.
public struct Request: Sendable {
    /// Made by the server for each request; it stands in the access log and beside every logged error.
    public let id: RequestID
    /// The method as sent; a HEAD that a GET endpoint answers still reads `HEAD`.
    public let method: HTTPMethod
    /// The path as sent, percent-encoded, without the query.
    public let path: String
    /// Names and values of the query string in order, percent-decoded once, `+` read as a space.
    public let query: [QueryItem]
    /// The header fields.
    public let fields: HTTPFields
    /// The body as sent; empty for none.
    public let body: [UInt8]
    /// The body's JSON object, where the endpoint declares body parameters; else nil.
    public let json: JSONObject?
    /// Where the connection comes from.
    public let client: ClientAddress
    /// The name that the client's API key has; nil where the server asks for none.
    public let clientName: String?
    /// What the server gives its handlers: jobs, logger, clock.
    public let context: HandlerContext
    /// The endpoint's path pattern with its mount and base path: what a log or a metric counts by.
    public let route: String
    package var values: [ParameterKey: any Sendable]

    package struct ParameterKey: Hashable, Sendable {
        package let location: ParameterLocation
        package let name: String
    }

    package init(
        id: RequestID, method: HTTPMethod, path: String, query: [QueryItem], fields: HTTPFields,
        body: [UInt8],
        json: JSONObject?, client: ClientAddress, clientName: String?, context: HandlerContext, route: String,
        values: [ParameterKey: any Sendable] = [:]
    ) {
        self.id = id
        self.method = method
        self.path = path
        self.query = query
        self.fields = fields
        self.body = body
        self.json = json
        self.client = client
        self.clientName = clientName
        self.context = context
        self.route = route
        self.values = values
    }

    /// Who the client is, for turns and records: its key's name, or else its address; nil behind a Unix domain socket.
    public var clientID: String? { Self.clientID(clientName, client) }

    static func clientID(_ name: String?, _ address: ClientAddress) -> String? {
        name ?? (address.host.isEmpty ? nil : address.host)
    }

    /// The validated value of a parameter that is required or has a default.
    ///
    /// - Throws: `SERVER_ERROR` (500) when the endpoint does not declare the parameter, or the parameter may be
    ///   absent and is: a mistake in the handler. Use ``subscript(ifPresent:)`` for one that may be absent.
    public subscript<Value, Place>(_ parameter: Parameter<Value, Place>) -> Value {
        get throws {
            guard let value = self[ifPresent: parameter] else {
                throw HandlerMistake(
                    "parameter '\(parameter.name)' is read but has no value: is it declared on \(route)?")
            }
            return value
        }
    }

    /// The validated value of a parameter, or nil when it is absent.
    public subscript<Value, Place>(ifPresent parameter: Parameter<Value, Place>) -> Value? {
        values[ParameterKey(location: Place.location, name: parameter.name)] as? Value
    }

    /// The body read as a `Decodable` type.
    ///
    /// - Throws: `INVALID_JSON` (400) when it is no JSON, `INVALID_PARAMETER` (400) when it does not fit the type.
    public func decode<Body: Decodable>(_ type: Body.Type) throws -> Body {
        let document: JSON
        do { document = try JSONParser.parse(body) } catch {
            throw APIError.invalidJSON("Request body is not valid JSON: \(error)")
        }
        return try document.decode(type)
    }
}
