/// A parameter without its static type: what validation, listing and documentation need.
public protocol ParameterDeclaration: Sendable {
    /// The name in the request.
    var name: String { get }
    /// For people; one sentence without a full stop.
    var description: String { get }
    /// Where it stands.
    var location: ParameterLocation { get }
    /// True when a request without it is refused.
    var isRequired: Bool { get }
    /// What `/handlers` says of it.
    var listing: JSON { get }
    /// Reads and checks the value.
    ///
    /// - Parameter raw: What stands in the request.
    /// - Returns: The value, the default, or nil when it is absent and may be.
    /// - Throws: The declared error for a missing or an invalid value.
    func validate(_ raw: RawParameter) throws(APIFailure) -> (any Sendable)?
}

/// What a request holds under a parameter's name.
public enum RawParameter: Sendable {
    /// Nothing.
    case absent
    /// A member of the body.
    case json(JSON)
    /// A percent-decoded query or path value, or a field value.
    case text(String)
}
