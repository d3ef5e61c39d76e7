/// Why a path or query is not well-formed; answered with `BAD_REQUEST` (400).
package enum PercentDecodingError: Error, Sendable, Equatable {
    /// A `%` that two hexadecimal digits do not follow.
    case invalidEscape
    /// What comes out is no UTF-8.
    case invalidUTF8
    /// A query of more than ``QueryString/maximumItems`` items.
    case tooManyItems
}
