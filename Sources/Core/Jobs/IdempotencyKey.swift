/// What makes a request that is sent twice run once: the client's own name for it (`Idempotency-Key`), and what it asks.
public struct IdempotencyKey: Sendable, Equatable {
    /// How long a store remembers one, from the creation of its job: 24 hours.
    public static let lifetimeMilliseconds: Int64 = 86_400_000

    /// Whose key it is; two clients may use the same.
    public var client: String
    /// As the client sent it.
    public var key: String
    /// A digest of everything that was asked: the same key with another one is a mistake of the client's.
    public var fingerprint: [UInt8]

    /// Puts a key together.
    public init(client: String, key: String, fingerprint: [UInt8]) {
        self.client = client
        self.key = key
        self.fingerprint = fingerprint
    }
}
