/// Where a connection comes from, and the address of ours that it came to.
public struct ClientAddress: Sendable, Hashable {
    /// The client's numeric address without port: `127.0.0.1`, `::1`; empty for a Unix domain socket.
    public var host: String
    /// The server's port of this connection, which an `Origin` of ours names; 0 for a Unix domain socket.
    public var serverPort: Int

    /// Names both ends.
    public init(host: String, serverPort: Int) {
        self.host = host
        self.serverPort = serverPort
    }
}
