internal import Foundation
internal import FoundationNetworking
internal import RoostCore
internal import RoostWebhooks
internal import Synchronization

/// Posts what it is given, all at once, through one URLSession, so that connections to a receiver are used again.
///
/// The head of an answer is all that counts. Redirects are not followed, nothing is cached, no cookie and no credential
/// is kept.
final class Sender: NSObject, URLSessionDataDelegate, Sendable {
    /// A receiver that answers with more is not listened to any longer.
    private static let maximumAnswer = 65_536

    /// One POST under way.
    private struct Delivery {
        let number: Int
        var isSettled = false
        var received = 0
    }

    private let looksUpFirst: Bool
    private let reply: @Sendable (SenderReply) -> Void
    /// By the identifier of their task.
    private let deliveries = Mutex<[Int: Delivery]>([:])
    private let queue = DispatchQueue(label: "roost-webhooks", attributes: .concurrent)

    /// - Parameters:
    ///   - looksUpFirst: Whether a name that points to an address that must not be sent to is told from one that cannot
    ///     be reached.
    ///   - reply: Called once a request, from any thread.
    init(looksUpFirst: Bool, reply: @escaping @Sendable (SenderReply) -> Void) {
        self.looksUpFirst = looksUpFirst
        self.reply = reply
    }

    /// The session that ``post(_:on:)`` is to be given.
    func makeSession() -> URLSession {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpCookieStorage = nil
        configuration.httpShouldSetCookies = false
        configuration.urlCache = nil
        configuration.urlCredentialStorage = nil
        configuration.httpMaximumConnectionsPerHost = 8
        return URLSession(configuration: configuration, delegate: self, delegateQueue: nil)
    }

    /// Posts; ``reply`` is called at the latest when the request's time is over.
    func post(_ request: SenderRequest, on session: URLSession) {
        let milliseconds = request.timeoutMilliseconds
        guard let url = URL(string: request.url) else {
            return reply(SenderReply(number: request.number, result: .failed("the URL cannot be used")))
        }
        var sent = URLRequest(url: url, timeoutInterval: Double(milliseconds) / 1000 + 1)
        sent.httpMethod = "POST"
        sent.httpBody = Data(request.body)
        for field in request.fields where field.count == 2 {
            sent.setValue(field[1], forHTTPHeaderField: field[0])
        }
        let task = session.dataTask(with: sent)
        deliveries.withLock { $0[task.taskIdentifier] = Delivery(number: request.number) }
        queue.asyncAfter(deadline: .now() + .milliseconds(milliseconds)) {
            self.settle(task, .failed("no answer within \(Double(milliseconds) / 1000) s"))
            task.cancel()
        }
        queue.async {
            if let refusal = self.refusal(of: request.url) {
                self.settle(task, .refused(refusal))
                task.cancel()
            } else {
                task.resume()
            }
        }
    }

    /// Whether the name points to an address that must not be sent to. For the record only: a name that changes between
    /// this look-up and the connection meets ``ConnectionCheck``.
    private func refusal(of url: String) -> String? {
        guard looksUpFirst else { return nil }
        do {
            let target = try WebhookTarget(url)
            if let refusal = target.refusal { return refusal.description }
            guard case .name(let name) = target.host, let addresses = NameLookup.resolve(name) else {
                return nil
            }
            return PublicGate.refusal(of: name, at: addresses)?.description
        } catch { return error.description }
    }

    private func settle(_ task: URLSessionTask, _ result: WebhookResult) {
        let number = deliveries.withLock { deliveries -> Int? in
            guard let delivery = deliveries[task.taskIdentifier], !delivery.isSettled else { return nil }
            deliveries[task.taskIdentifier]?.isSettled = true
            return delivery.number
        }
        if let number { reply(SenderReply(number: number, result: result)) }
    }

    // MARK: URLSessionDataDelegate

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) { completionHandler(nil) }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, didReceive challenge: URLAuthenticationChallenge,
        completionHandler: @escaping @Sendable (URLSession.AuthChallengeDisposition, URLCredential?) -> Void
    ) {
        // What certificates are good is settled by libcurl; passwords we have none.
        completionHandler(.cancelAuthenticationChallenge, nil)
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
    ) {
        answered(dataTask, response)
        completionHandler(.allow)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let isEnough = deliveries.withLock { deliveries in
            deliveries[dataTask.taskIdentifier]?.received += min(data.count, Self.maximumAnswer)
            return (deliveries[dataTask.taskIdentifier]?.received ?? 0) > Self.maximumAnswer
        }
        if isEnough { dataTask.cancel() }
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?
    ) {
        if let response = task.response {
            answered(task, response)
        } else {
            settle(task, .failed(error?.localizedDescription ?? "no answer"))
        }
        deliveries.withLock { $0[task.taskIdentifier] = nil }
    }

    private func answered(_ task: URLSessionTask, _ response: URLResponse) {
        guard let response = response as? HTTPURLResponse else {
            return settle(task, .failed("the answer is no HTTP"))
        }
        let retryAfter = response.value(forHTTPHeaderField: "Retry-After")
        settle(task, .answered(status: response.statusCode, retryAfter: retryAfter))
    }
}
