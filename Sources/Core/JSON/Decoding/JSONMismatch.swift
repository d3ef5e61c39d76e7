/// What a value should have been; travels inside a `DecodingError`.
struct JSONMismatch: Error {
    /// With its article, as in "must be an integer".
    let expectation: String
    /// The values there are, when they can be listed.
    var allowed: [String]?

    /// The error to throw for the value at that place.
    func error(_ type: Any.Type, at path: JSONCodingPath?) -> DecodingError {
        let context = DecodingError.Context(
            codingPath: path?.keys ?? [], debugDescription: "must be \(expectation)", underlyingError: self)
        return allowed == nil ? .typeMismatch(type, context) : .dataCorrupted(context)
    }
}
