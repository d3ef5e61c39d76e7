/// JSON that is kept as text: validated once, then passed through to the database and the wire byte for byte.
public struct JSONText: Sendable, Equatable {
    /// One JSON value in UTF-8.
    public let bytes: [UInt8]

    /// Validates the text.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8 without byte order mark; white space around the value is kept.
    ///   - maximumDepth: Containers within each other, the outermost being the first.
    /// - Throws: ``JSONError`` when it is not exactly one strict JSON value.
    public init(validating bytes: [UInt8], maximumDepth: Int = 1000) throws(JSONError) {
        try JSONParser.validate(bytes, maximumDepth: maximumDepth)
        self.bytes = bytes
    }

    /// Takes text that this package wrote itself.
    package init(trusted bytes: [UInt8]) { self.bytes = bytes }

    /// The value, read anew on each call.
    ///
    /// Valid text can hold what a value cannot: a number beyond `Double`, or more than 1000 levels; that throws.
    public var value: JSON {
        get throws(JSONError) { try JSONParser.parse(bytes, maximumDepth: 1000) }
    }
}
