/// One parameter of an endpoint, declared once as a typed key.
///
/// From it come validation before the handler runs, typed access (`request[Self.text]`), and the entry in `/handlers`.
///
/// ```swift
/// static let text = BodyParameter<String>("text", "The text to look at", required: true)
/// static let top = QueryParameter<Int>("top", "How many words to return", in: 1...100, default: 10)
/// ```
///
/// Parameters are checked in the order in which the endpoint lists them; the first that fails is reported.
/// An absent required one answers `missing` (by default `MISSING_PARAMETER`, 400), one of a wrong type or out of
/// range answers `invalid` (by default `INVALID_PARAMETER`, 400) with `details.parameter` and `details.allowed`.
public struct Parameter<Value: ParameterValue, Place: ParameterPlace>: ParameterDeclaration {
    /// The name on the wire.
    public let name: String
    /// For people; shown in `/handlers`.
    public let description: String
    /// Whether an absent one is an error.
    public let isRequired: Bool
    /// Used when the parameter is absent.
    public let defaultValue: Value?
    /// The code for an absent required parameter.
    public let missing: APIError
    /// The code for a value of a wrong type or out of range.
    public let invalid: APIError
    /// Whether JSON `null` counts as absent (the default) or as a value of a wrong type.
    public let nullIsAbsent: Bool
    /// Whether an empty text counts as absent; off by default.
    public let emptyIsAbsent: Bool
    private let bounds: (@Sendable (Value) -> Bool)?
    private let allowed: JSON?
    private let expectation: String

    /// Where the value stands, as `Place` says.
    public var location: ParameterLocation { Place.location }

    /// A parameter of any value of its type.
    public init(
        _ name: String, _ description: String, required: Bool = false, default defaultValue: Value? = nil,
        missing: APIError = .missingParameter, invalid: APIError = .invalidParameter,
        nullIsAbsent: Bool = true, emptyIsAbsent: Bool = false
    ) {
        self.init(
            name, description, required, defaultValue, missing, invalid, nullIsAbsent, emptyIsAbsent,
            bounds: nil, allowed: Value.allowedValues.map { .array($0.map(JSON.string)) },
            expectation: Value.typeDescription)
    }

    private init(
        _ name: String, _ description: String, _ required: Bool, _ defaultValue: Value?, _ missing: APIError,
        _ invalid: APIError, _ nullIsAbsent: Bool, _ emptyIsAbsent: Bool,
        bounds: (@Sendable (Value) -> Bool)?, allowed: JSON?, expectation: String
    ) {
        self.name = name
        self.description = description
        self.isRequired = required
        self.defaultValue = defaultValue
        self.missing = missing
        self.invalid = invalid
        self.nullIsAbsent = nullIsAbsent
        self.emptyIsAbsent = emptyIsAbsent
        self.bounds = bounds
        self.allowed = allowed
        self.expectation = expectation
    }

    /// Reads and checks a value as sent.
    ///
    /// - Parameter raw: The value, or that there is none.
    /// - Returns: A `Value`: what was sent or the default; nil when an optional one is absent.
    /// - Throws: `missing` or `invalid`, naming the parameter.
    public func validate(_ raw: RawParameter) throws(APIFailure) -> (any Sendable)? {
        let value: Value?
        switch raw {
        case .absent: return try absent()
        case .json(.null) where nullIsAbsent: return try absent()
        case .json(let json): value = Value(json: json)
        case .text(let text) where text.isEmpty && emptyIsAbsent: return try absent()
        case .text(let text): value = Value(text: text)
        }
        guard let value, bounds?(value) ?? true else { throw invalidFailure }
        return value
    }

    private func absent() throws(APIFailure) -> (any Sendable)? {
        if let defaultValue { return defaultValue }
        guard isRequired else { return nil }
        let message =
            missing == .missingParameter
            ? "Missing required \(location.noun): \(name)" : missing.defaultMessage
        throw missing(message, details: missing == .missingParameter ? ["parameter": .string(name)] : nil)
    }

    private var invalidFailure: APIFailure {
        var details: JSONObject = ["parameter": .string(name)]
        details["allowed"] = allowed
        let message =
            invalid == .invalidParameter
            ? "Invalid \(location.noun) '\(name)': must be \(expectation)" : invalid.defaultMessage
        return invalid(message, details: details)
    }

    /// `name`, `in`, `type`, `required`, `description`, and `allowed` and `default` where there are any.
    public var listing: JSON {
        var entry: JSONObject = [
            "name": .string(name), "in": .string(location.rawValue), "type": .string(Value.schemaType),
            "required": .bool(isRequired), "description": .string(description),
        ]
        entry["allowed"] = allowed
        if let defaultValue = defaultValue as? any JSONConvertible { entry["default"] = defaultValue.json }
        return .object(entry)
    }
}

extension Parameter where Value: Comparable & JSONConvertible {
    /// A parameter whose value lies in a closed range.
    public init(
        _ name: String, _ description: String, in range: ClosedRange<Value>, required: Bool = false,
        default defaultValue: Value? = nil, missing: APIError = .missingParameter,
        invalid: APIError = .invalidParameter, nullIsAbsent: Bool = true, emptyIsAbsent: Bool = false
    ) {
        self.init(
            name, description, required, defaultValue, missing, invalid, nullIsAbsent, emptyIsAbsent,
            bounds: { range.contains($0) },
            allowed: ["minimum": range.lowerBound.json, "maximum": range.upperBound.json],
            expectation: "\(Value.typeDescription) from \(range.lowerBound) to \(range.upperBound)")
    }

    /// A parameter whose value has a lower bound only.
    public init(
        _ name: String, _ description: String, in range: PartialRangeFrom<Value>, required: Bool = false,
        default defaultValue: Value? = nil, missing: APIError = .missingParameter,
        invalid: APIError = .invalidParameter, nullIsAbsent: Bool = true, emptyIsAbsent: Bool = false
    ) {
        self.init(
            name, description, required, defaultValue, missing, invalid, nullIsAbsent, emptyIsAbsent,
            bounds: { range.contains($0) }, allowed: ["minimum": range.lowerBound.json],
            expectation: "\(Value.typeDescription) of at least \(range.lowerBound)")
    }
}

/// A member of the JSON object in the body.
public typealias BodyParameter<Value: ParameterValue> = Parameter<Value, InBody>
/// A name in the query string; of a repeated one the last counts.
public typealias QueryParameter<Value: ParameterValue> = Parameter<Value, InQuery>
/// A `{name}` segment of the endpoint's path; always there.
public typealias PathParameter<Value: ParameterValue> = Parameter<Value, InPath>
/// A header field; the name compares without case, of a repeated one the first counts.
public typealias HeaderParameter<Value: ParameterValue> = Parameter<Value, InHeader>

extension ParameterLocation {
    fileprivate var noun: String {
        switch self {
        case .body: "field"
        case .query: "query parameter"
        case .path: "path segment"
        case .header: "header"
        }
    }
}
