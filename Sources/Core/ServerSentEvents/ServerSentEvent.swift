/// One event of a `text/event-stream` (WHATWG HTML, "Server-sent events").
///
/// An event without data is a comment or a setting only: a browser does not dispatch it.
public struct ServerSentEvent: Sendable, Equatable {
    /// The type that a listener names; nil is `message`.
    public var event: String?
    /// The data. Line breaks (CR, LF, CRLF) are kept as LF, as the format has it.
    public var data: String?
    /// What the client sends back as `Last-Event-ID`; one with a NUL is left out, as readers ignore it.
    public var id: String?
    /// How long a client waits before it connects again, in milliseconds.
    public var retryMilliseconds: Int?
    /// A line that readers skip; keeps a connection awake.
    public var comment: String?

    /// Puts an event together.
    public init(
        event: String? = nil, data: String? = nil, id: String? = nil, retryMilliseconds: Int? = nil,
        comment: String? = nil
    ) {
        self.event = event
        self.data = data
        self.id = id
        self.retryMilliseconds = retryMilliseconds
        self.comment = comment
    }

    /// An event whose data is one JSON value.
    public static func json(_ value: JSON, event: String? = nil, id: String? = nil) -> ServerSentEvent {
        ServerSentEvent(event: event, data: String(decoding: value.serialized(), as: UTF8.self), id: id)
    }

    /// The event as it goes over the wire, with the empty line that ends it; UTF-8.
    public var serialized: [UInt8] {
        var bytes: [UInt8] = []
        if let comment { Self.append("", comment, to: &bytes) }
        if let event { Self.appendSingleLine("event", event, to: &bytes) }
        if let id, !id.utf8.contains(0) { Self.appendSingleLine("id", id, to: &bytes) }
        if let retryMilliseconds, retryMilliseconds >= 0 {
            Self.appendSingleLine("retry", "\(retryMilliseconds)", to: &bytes)
        }
        if let data { Self.append("data", data, to: &bytes) }
        bytes.append(0x0A)
        return bytes
    }

    /// A line for each line of the value.
    private static func append(_ name: String, _ value: String, to bytes: inout [UInt8]) {
        var endedWithCR = false
        begin(name, &bytes)
        for byte in value.utf8 {
            switch byte {
            case 0x0A where endedWithCR: endedWithCR = false
            case 0x0A, 0x0D:
                bytes.append(0x0A)
                begin(name, &bytes)
                endedWithCR = byte == 0x0D
            default:
                bytes.append(byte)
                endedWithCR = false
            }
        }
        bytes.append(0x0A)
    }

    /// These fields have one line: a break in them would begin another field, so it becomes a space.
    private static func appendSingleLine(_ name: String, _ value: String, to bytes: inout [UInt8]) {
        begin(name, &bytes)
        for byte in value.utf8 { bytes.append(byte == 0x0A || byte == 0x0D ? 0x20 : byte) }
        bytes.append(0x0A)
    }

    /// With the space after the colon that readers take off: a value may then begin with one itself.
    private static func begin(_ name: String, _ bytes: inout [UInt8]) {
        bytes.append(contentsOf: name.utf8)
        bytes.append(0x3A)
        bytes.append(0x20)
    }
}
