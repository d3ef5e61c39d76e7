/// A whole request as the HTTP layer hands it over.
public struct IncomingRequest: Sendable {
    /// Request line and fields.
    public var head: RequestHead
    /// The body without its transfer coding; empty for none.
    public var body: [UInt8]
    /// Who sent it.
    public var client: ClientAddress
    /// What the service said to the head.
    public var ticket: AdmissionTicket

    /// Puts a request together.
    public init(head: RequestHead, body: [UInt8], client: ClientAddress, ticket: AdmissionTicket) {
        self.head = head
        self.body = body
        self.client = client
        self.ticket = ticket
    }
}
