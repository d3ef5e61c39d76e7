/// Decides where webhooks may be sent to, before a job is accepted.
public protocol WebhookGate: Sendable {
    /// Looks at a URL, and at the addresses that its name has now.
    ///
    /// Suspends while the name is looked up, for seconds at most; a name that has no address now is let through, since
    /// every connection is checked again.
    ///
    /// - Parameter url: What a client sent.
    /// - Returns: The URL to store, without a fragment, and its receiver, `host:port/path`.
    /// - Throws: ``WebhookRefusal``; a handler answers it with 400.
    func admit(_ url: String) async throws(WebhookRefusal) -> (url: String, receiver: String)
}
