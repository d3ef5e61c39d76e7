/// Where in a request a parameter stands.
public enum ParameterLocation: String, Sendable, Hashable {
    /// A member of the JSON object in the body.
    case body
    /// A name in the query string.
    case query
    /// A `{name}` segment of the path.
    case path
    /// A header field.
    case header
}

/// A location as a type, so that ``BodyParameter`` and its like are one implementation.
public protocol ParameterPlace {
    /// The location.
    static var location: ParameterLocation { get }
}

/// See ``BodyParameter``.
public enum InBody: ParameterPlace {
    /// ``ParameterLocation/body``.
    public static var location: ParameterLocation { .body }
}

/// See ``QueryParameter``.
public enum InQuery: ParameterPlace {
    /// ``ParameterLocation/query``.
    public static var location: ParameterLocation { .query }
}

/// See ``PathParameter``.
public enum InPath: ParameterPlace {
    /// ``ParameterLocation/path``.
    public static var location: ParameterLocation { .path }
}

/// See ``HeaderParameter``.
public enum InHeader: ParameterPlace {
    /// ``ParameterLocation/header``.
    public static var location: ParameterLocation { .header }
}
