/// What an operator may set of the HTTP layer; the defaults suit a server on its own host.
public struct HTTPOptions: Sendable {
    /// How large the framing of a request may be.
    public var limits = HTTPLimits()
    /// From a request's first byte (of the first request: from the connection) to the end of its head; 10 s.
    /// Then 408 for part of a head, and the connection closes.
    public var headerTimeout = Duration.seconds(10)
    /// Since the last byte of a body that is not complete; 30 s. Then 408, and the connection closes.
    public var bodyTimeout = Duration.seconds(30)
    /// Between requests of one connection; 60 s. Then it closes without a word.
    public var idleTimeout = Duration.seconds(60)
    /// Since the last byte that the client took of a response; 30 s. Then the connection is reset.
    public var writeTimeout = Duration.seconds(30)
    /// When a client has finished sending while its answer is being made: how long until it is first asked, by a
    /// `100 Continue`, whether it is still there; 1 s. Each further wait is twice the one before.
    public var probeInterval = Duration.seconds(1)
    /// How long a closing connection is read on, so that the client can read the answer before it learns of the
    /// close; 5 s.
    public var lingerTimeout = Duration.seconds(5)
    /// How many bytes are read on and dropped meanwhile; 64 MiB.
    public var lingerBytes = 64 * 1024 * 1024
    /// A body of known length up to this is skipped when nobody wants it, to keep the connection; 64 KiB.
    public var skippableBody = 64 * 1024
    /// Connections open at a time; 10,000. One more gets 503 and is closed.
    public var maximumConnections = 10_000
    /// Connections the kernel may hold until they are accepted; 1024 (the kernel's own limit holds too).
    public var backlog: Int32 = 1024

    /// The defaults.
    public init() {}
}
