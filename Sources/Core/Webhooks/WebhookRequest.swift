/// Asks that the end of a job be posted somewhere.
public struct WebhookRequest: Sendable {
    /// An absolute `http` or `https` URL, as a ``WebhookGate`` gave it back.
    public var url: String
    /// `host:port/path`, as a ``WebhookGate`` gave it back.
    public var receiver: String
    /// Whatever ``bodies`` needs beside the job; kept in the record.
    public var note: String
    /// Makes the body when the job ends.
    public var bodies: any WebhookBodies

    /// Puts a request together.
    public init(url: String, receiver: String, note: String, bodies: any WebhookBodies) {
        self.url = url
        self.receiver = receiver
        self.note = note
        self.bodies = bodies
    }
}
