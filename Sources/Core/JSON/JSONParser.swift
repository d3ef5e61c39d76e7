/// The strict reader.
public enum JSONParser {
    /// Reads one document.
    ///
    /// - Throws: ``JSONError``.
    public static func parse(_ bytes: [UInt8], maximumDepth: Int = 128) throws(JSONError) -> JSON {
        throw JSONError("not implemented", at: 0)
    }

    /// Checks without building values.
    ///
    /// - Throws: ``JSONError``.
    public static func validate(_ bytes: [UInt8], maximumDepth: Int = 128) throws(JSONError) {
        throw JSONError("not implemented", at: 0)
    }
}
