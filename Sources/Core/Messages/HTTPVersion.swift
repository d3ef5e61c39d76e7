/// The protocol version of a message (RFC 9110 §2.5); only the two that Roost speaks.
public enum HTTPVersion: Sendable, Hashable {
    /// HTTP/1.0: no chunked coding, closes by default, may lack `Host`.
    case http10
    /// HTTP/1.1: persistent by default (RFC 9112 §9.3).
    case http11
}
