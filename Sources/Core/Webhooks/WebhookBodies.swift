/// Makes the bodies that are posted when jobs of a handler end; a ``Handler`` that asks for webhooks is one.
public protocol WebhookBodies: Sendable {
    /// The body for a job that has ended, JSON in UTF-8. Made once; every attempt sends the same bytes.
    ///
    /// Also called after a restart, for a job that the last server was cut off from: so it follows from the job and
    /// the note alone.
    ///
    /// - Parameters:
    ///   - job: As it ended.
    ///   - note: What the handler left with ``WebhookRequest``.
    /// - Returns: What is posted.
    func webhookBody(of job: Job, note: String) async -> [UInt8]
}
