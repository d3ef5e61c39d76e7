/// How large the parts of a request's framing may be. The body's limit is the service's business
/// (`Admission.proceed`).
public struct HTTPLimits: Sendable {
    /// Bytes of the request line without its CRLF; 8 KiB. Beyond: 414.
    public var requestLine = 8 * 1024
    /// Bytes of one field line; 16 KiB. Beyond: 431.
    public var field = 16 * 1024
    /// Bytes of all field lines together; 64 KiB. Beyond: 431.
    public var allFields = 64 * 1024
    /// How many field lines; 100. Beyond: 431.
    public var fieldCount = 100
    /// Bytes of a chunk's size line with its extensions; 1 KiB. Beyond: 400.
    public var chunkLine = 1024
    /// Bytes of all trailer lines together; 16 KiB, and no more lines than `fieldCount`. Beyond: 431.
    public var trailers = 16 * 1024

    /// The defaults.
    public init() {}
}
