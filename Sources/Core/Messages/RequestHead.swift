/// Request line and fields, as soon as they have arrived and before any of the body has.
public struct RequestHead: Sendable {
    /// The method token.
    public var method: HTTPMethod
    /// Path and query of the target in origin form, as sent: `/a%20b?c=d`. `*` for the asterisk form.
    public var target: String
    /// The authority of an absolute-form target (RFC 9112 §3.2.2), which then counts instead of `Host`.
    public var targetAuthority: String?
    /// The version of the request line.
    public var version: HTTPVersion
    /// The field lines.
    public var fields: HTTPFields

    /// Puts a head together.
    public init(
        method: HTTPMethod, target: String, targetAuthority: String? = nil, version: HTTPVersion = .http11,
        fields: HTTPFields = HTTPFields()
    ) {
        self.method = method
        self.target = target
        self.targetAuthority = targetAuthority
        self.version = version
        self.fields = fields
    }
}
