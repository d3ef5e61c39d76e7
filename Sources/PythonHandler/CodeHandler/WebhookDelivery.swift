public import RoostCore

/// Posts the answers of ``CodeHandler`` to the addresses that requests name.
public protocol WebhookDelivery: Sendable {
    /// Takes over the delivery of one answer and returns at once.
    ///
    /// - Parameters:
    ///   - url: Where to.
    ///   - answer: Waits for the job and gives the answer that the request gets, or would have got.
    func deliver(to url: WebhookURL, _ answer: @escaping @Sendable () async -> Response) async
}
