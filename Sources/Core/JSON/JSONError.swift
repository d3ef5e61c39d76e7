/// Why bytes are no strict JSON document (RFC 8259).
public struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What was wrong, for people: `expected ',' or '}'`.
    public let reason: String
    /// Offset in bytes of the place.
    public let offset: Int

    /// Names the reason and the place.
    public init(_ reason: String, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    /// Reason and byte offset.
    public var description: String { "\(reason) at byte \(offset)" }
}
