/// Why bytes from the other side of a channel were refused.
///
/// Decoding never traps: whatever the other side sends, the outcome is a value or one of these.
public enum WireError: Error, Equatable, Sendable {
    /// A frame or message of a type this side does not take.
    case unknownType(UInt8)
    /// A frame announces a payload of `announced` bytes; this side takes `maximum`.
    case oversize(announced: Int, maximum: Int)
    /// The payload does not have the shape of its type: too short, too long, or text that is no UTF-8.
    case malformed(type: UInt8)
    /// A control packet of no bytes at all.
    case empty
}
