/// JSON that is kept as text: validated once, then passed through to the database and the wire byte for byte.
public struct JSONText: Sendable, Equatable {
    /// One JSON value in UTF-8.
    public let bytes: [UInt8]

    /// Validates the text.
    ///
    /// - Throws: ``JSONError`` when it is not exactly one strict JSON value.
    public init(validating bytes: [UInt8], maximumDepth: Int = 1000) throws(JSONError) {
        try JSONParser.validate(bytes, maximumDepth: maximumDepth)
        self.bytes = bytes
    }

    /// Takes text that this package wrote itself.
    package init(trusted bytes: [UInt8]) { self.bytes = bytes }
}
