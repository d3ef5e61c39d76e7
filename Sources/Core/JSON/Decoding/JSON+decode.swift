extension JSON {
    /// Reads the value as a `Decodable` type.
    ///
    /// Numbers must fit the type exactly (`10.0` is an integer, `10.5` and 300 for an `Int8` are not), `Float` and
    /// `Double` are rounded. Nothing is converted: `"1"` is no number and `0` no boolean. Members the type does not
    /// ask for are ignored; of repeated ones the last counts.
    ///
    /// ```swift
    /// struct Order: Decodable { var items: [Item] }
    /// let order = try json.decode(Order.self)  // Invalid field 'items[2].name': must be a string
    /// ```
    /// - Parameter type: The type to read.
    /// - Returns: The value read.
    /// - Throws: `MISSING_PARAMETER` or `INVALID_PARAMETER` (400), with the path of the member in the message and in
    ///   `details.parameter`, and the values of an enum in `details.allowed`. The text of a `DecodingError` that the
    ///   type throws itself goes to the client; an ``APIError`` or ``APIFailure`` of its own is passed on.
    public func decode<Value: Decodable>(_ type: Value.Type) throws(APIFailure) -> Value {
        do {
            return try JSONValueDecoder(self, at: nil).decode(type)
        } catch let error as DecodingError {
            throw error.failure
        } catch let failure as APIFailure {
            throw failure
        } catch let error as APIError {
            throw APIFailure(error)
        } catch {
            throw APIError.invalidParameter("Invalid body")
        }
    }
}

extension DecodingError {
    /// The answer that names the member.
    fileprivate var failure: APIFailure {
        switch self {
        case .keyNotFound(let key, let context):
            let path = JSONCodingPath.text(context.codingPath + [key])
            return APIError.missingParameter(
                "Missing required field: \(path)", details: ["parameter": .string(path)])
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            let mismatch = context.underlyingError as? JSONMismatch
            let reason = mismatch.map { "must be \($0.expectation)" } ?? context.debugDescription
            guard !context.codingPath.isEmpty else {
                return APIError.invalidParameter("Invalid body: \(reason)")
            }
            let path = JSONCodingPath.text(context.codingPath)
            var details: JSONObject = ["parameter": .string(path)]
            details["allowed"] = mismatch?.allowed.map { .array($0.map(JSON.string)) }
            return APIError.invalidParameter("Invalid field '\(path)': \(reason)", details: details)
        @unknown default:
            return APIError.invalidParameter("Invalid body")
        }
    }
}
