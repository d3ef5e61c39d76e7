extension JSON {
    /// Reads the value as a `Decodable` type.
    ///
    /// - Throws: `INVALID_PARAMETER` (400), naming the path of the member that does not fit.
    public func decode<Value: Decodable>(_ type: Value.Type) throws(APIFailure) -> Value {
        throw APIError.invalidParameter("not implemented")
    }
}
