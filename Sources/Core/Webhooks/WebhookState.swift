/// How far a webhook is.
public enum WebhookState: String, Sendable, Equatable, CaseIterable {
    /// Its job has not ended, or its body is still to be made.
    case waiting
    /// To be sent, for the first time or again.
    case pending
    /// A receiver took it: it answered with 2xx.
    case delivered
    /// Given up: nobody took it in time, or the receiver said that it is gone (410).
    case failed
    /// Given up: the name came to point to an address that webhooks may not be sent to.
    case dropped
}
