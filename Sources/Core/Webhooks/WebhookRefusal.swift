/// Why webhooks are not sent to a URL.
public struct WebhookRefusal: Error, Equatable, CustomStringConvertible {
    /// For the client: `10.0.0.1 is a private address`.
    public let description: String

    /// A refusal for this reason.
    public init(_ description: String) { self.description = description }
}
