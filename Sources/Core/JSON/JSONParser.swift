/// The strict reader: RFC 8259 in UTF-8 and nothing else.
///
/// It needs time and memory in proportion to the document and does not recurse. Both functions refuse overlong
/// UTF-8, encoded surrogates, `NaN`, trailing commas, leading zeros, control characters in strings, and anything
/// but white space after the value.
public enum JSONParser {
    /// No value is ever nested deeper than this, whatever the caller allows: values are taken apart recursively.
    private static let deepest = 1000

    /// Reads one document.
    ///
    /// One byte order mark at the beginning is skipped. Numbers without fraction and exponent are ``JSON/int(_:)``
    /// if they fit, all others are rounded to the nearest `Double`; `-0` is a double. Names that repeat are all
    /// kept. A surrogate escape that pairs with nothing makes the value a ``JSON/unpairedString(_:)``, and in a
    /// member's name it becomes U+FFFD.
    /// - Parameters:
    ///   - bytes: The document.
    ///   - maximumDepth: Containers within each other, the outermost being the first; 1000 at most.
    /// - Returns: The value.
    /// - Throws: ``JSONError``, also for a number beyond `Double`'s range.
    public static func parse(_ bytes: [UInt8], maximumDepth: Int = 128) throws(JSONError) -> JSON {
        try JSONReader.read(
            bytes.span, maximumDepth: min(maximumDepth, deepest), keepsValues: true, allowsByteOrderMark: true
        )
    }

    /// Checks without building values.
    ///
    /// A byte order mark is refused, because the text is to be put inside another. Numbers of any size are fine.
    /// - Parameters:
    ///   - bytes: The document.
    ///   - maximumDepth: Containers within each other, the outermost being the first.
    /// - Throws: ``JSONError``.
    public static func validate(_ bytes: [UInt8], maximumDepth: Int = 128) throws(JSONError) {
        _ = try JSONReader.read(
            bytes.span, maximumDepth: maximumDepth, keepsValues: false, allowsByteOrderMark: false)
    }
}
