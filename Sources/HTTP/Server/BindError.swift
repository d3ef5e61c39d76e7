/// Why the server cannot listen.
public enum BindError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The text is no numeric IPv4 or IPv6 address.
    case notAnAddress(String)
    /// The number is not within 0...65535.
    case notAPort(Int)
    /// Another process listens there. With port 0 no number was free for all addresses.
    case inUse(address: String, port: Int)
    /// The system says no: the address is not this machine's, the port needs privileges, …
    case refused(address: String, port: Int, reason: String)

    /// No Unix domain socket can be made at the path.
    case unixSocket(path: String, reason: String)

    /// One line for the operator.
    public var description: String {
        switch self {
        case .notAnAddress(let text): "'\(text)' is no numeric IPv4 or IPv6 address"
        case .notAPort(let port): "\(port) is no port number; it must be from 0 to 65535"
        case .inUse(let address, let port):
            "port \(port) on \(address) is already in use; stop the other program or choose another port"
        case .refused(let address, let port, let reason):
            "cannot listen on \(address) port \(port): \(reason)"
        case .unixSocket(let path, let reason): "cannot listen at the socket \(path): \(reason)"
        }
    }
}
