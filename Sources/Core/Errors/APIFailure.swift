/// One error answer: a code, its status, a message and whatever goes with it.
public struct APIFailure: Error, Sendable {
    /// Stable and machine-readable, in upper snake case.
    public var code: String
    /// The status of the answer.
    public var status: HTTPStatus
    /// For people; goes to the client, so never a path, key or cause from inside the server.
    public var message: String
    /// Sent as `error.details` when there.
    public var details: JSONObject?
    /// Further members of `error`, such as `traceback`, `line` and `type` of a Python error.
    public var errorMembers: JSONObject
    /// Further members of the envelope beside `success` and `error`, such as `job_id` and `output`.
    public var envelopeMembers: JSONObject
    /// Further response fields, such as `Allow` or `Retry-After`.
    public var fields: HTTPFields

    /// One of Roost's own codes, with the status that ``APIError`` gives it unless another is named.
    public init(
        _ error: APIError, status: HTTPStatus? = nil, message: String? = nil, details: JSONObject? = nil,
        fields: HTTPFields = HTTPFields()
    ) {
        self.init(
            code: error.rawValue, status: status ?? error.status, message: message ?? error.defaultMessage,
            details: details, fields: fields)
    }

    /// A code of a handler's own.
    public init(
        code: String, status: HTTPStatus, message: String, details: JSONObject? = nil,
        fields: HTTPFields = HTTPFields()
    ) {
        self.code = code
        self.status = status
        self.message = message
        self.details = details
        self.errorMembers = JSONObject()
        self.envelopeMembers = JSONObject()
        self.fields = fields
    }

    /// The same failure with one more response field.
    public func with(field name: String, _ value: String) -> APIFailure {
        var copy = self
        copy.fields.append(name, value)
        return copy
    }

    /// The one envelope: `{"success":false,"error":{"code","message"[,"details"][,…]}[,…]}`.
    public var response: Response {
        var error: JSONObject = ["code": .string(code), "message": .string(message)]
        if let details { error["details"] = .object(details) }
        for (name, value) in errorMembers.members { error[name] = value }
        var envelope: JSONObject = ["success": .bool(false), "error": .object(error)]
        for (name, value) in envelopeMembers.members { envelope[name] = value }
        var response = Response.json(.object(envelope), status: status)
        for field in fields.all { response.fields.append(field.name, field.value) }
        return response
    }
}
