/// Sends one webhook; behind a protocol, so that nothing else needs to know how.
package protocol WebhookTransport: Sendable {
    /// Sends, and returns with the answer's head, a failure, or at the latest when `timeout` is over.
    ///
    /// Never follows a redirect, and never connects to an address that it must not.
    ///
    /// - Parameters:
    ///   - url: An absolute `http` or `https` URL.
    ///   - fields: Beside those of the connection.
    ///   - body: What is posted.
    ///   - timeout: For everything together.
    /// - Returns: What came of it.
    func post(
        _ url: String, fields: [(name: String, value: String)], body: [UInt8], timeout: Duration
    ) async -> WebhookResult

    /// Gives up what is under way and lets go of everything.
    func close() async
}
