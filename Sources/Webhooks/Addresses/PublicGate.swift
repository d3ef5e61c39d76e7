public import RoostCore

/// Lets webhooks go to public addresses only, unless told otherwise.
public struct PublicGate: WebhookGate {
    /// How long a request waits for the look-up of a name.
    private static let patience = Duration.seconds(3)

    private let allowPrivate: Bool
    private let lookUp: @Sendable (String) async -> [IPAddress]?

    /// A gate.
    ///
    /// - Parameter allowPrivate: True lets every address through; the form of URLs is still looked at.
    public init(allowPrivate: Bool) {
        let lookup = NameLookup()
        self.init(allowPrivate: allowPrivate) { await lookup.addresses(of: $0, within: Self.patience) }
    }

    /// With a resolver of the caller's.
    package init(allowPrivate: Bool, lookUp: @escaping @Sendable (String) async -> [IPAddress]?) {
        self.allowPrivate = allowPrivate
        self.lookUp = lookUp
    }

    /// See ``WebhookGate``.
    ///
    /// - Throws: ``WebhookRefusal``.
    public func admit(_ url: String) async throws(WebhookRefusal) -> (url: String, receiver: String) {
        let target = try WebhookTarget(url)
        if !allowPrivate {
            if let refusal = target.refusal { throw refusal }
            if case .name(let name) = target.host, let addresses = await lookUp(name),
                let refusal = Self.refusal(of: name, at: addresses)
            {
                throw refusal
            }
        }
        return (target.url, target.receiver)
    }

    /// One address that is not public is enough: which of them is connected to is not ours to choose.
    package static func refusal(of name: String, at addresses: [IPAddress]) -> WebhookRefusal? {
        for address in addresses {
            guard let kind = AddressPolicy.refusal(of: address) else { continue }
            return WebhookRefusal("\(name) has the address \(address), which is \(kind)")
        }
        return nil
    }
}
