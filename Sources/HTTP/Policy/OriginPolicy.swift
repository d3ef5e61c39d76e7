package import RoostCore

/// Who may call, as far as browsers are concerned (contract §7).
///
/// Any web page can post to a loopback port, and a name of the attacker's can come to point there (DNS rebinding).
/// So a request must be addressed to a host that is the server's own, and if it says which page it comes from,
/// that must be the server's own or one that was allowed. Pure: it only looks at a request's head.
public struct OriginPolicy: Sendable {
    /// A setting that cannot be understood.
    public struct SettingError: Error, Sendable, Equatable, CustomStringConvertible {
        /// One line for the operator.
        public let description: String
    }

    /// What is to be done with a request.
    package enum Verdict: Sendable, Equatable {
        /// Serve it; an origin that was allowed gets the CORS fields.
        case serve(crossOrigin: String?)
        /// Answer the browser's question whether this origin may send a request (Fetch §4.8).
        case answerPreflight(origin: String)
        /// Refuse it with 403, for this reason.
        case refuse(String)
    }

    /// True when origins are allowed at all: every answer then depends on `Origin`.
    package let hasAllowedOrigins: Bool
    private let hosts: Set<String>
    private let origins: Set<WebOrigin>
    private let servesAnyAddress: Bool

    /// Puts a policy together.
    ///
    /// - Parameters:
    ///   - boundAddresses: What the server listens on. `0.0.0.0` and `::` stand for every address of the machine:
    ///     then any literal address may be asked for, which no name can be made to pass for.
    ///   - allowedHosts: Further host names, without port.
    ///   - allowedOrigins: Pages that may call, such as `https://tools.example.com`.
    /// - Throws: The first setting that is no host or no origin.
    public init(
        boundAddresses: [String], allowedHosts: [String] = [], allowedOrigins: [String] = []
    ) throws(SettingError) {
        var hosts: Set<String> = ["localhost", "127.0.0.1", "[::1]"]
        var servesAnyAddress = false
        for text in boundAddresses {
            guard let address = SocketAddress(text, port: 0) else { continue }
            hosts.insert(address.text.contains(":") ? "[\(address.text)]" : address.text)
            servesAnyAddress = servesAnyAddress || address.text == "0.0.0.0" || address.text == "::"
        }
        for text in allowedHosts {
            let bracketed = SocketAddress(text, port: 0).map {
                $0.text.contains(":") ? "[\($0.text)]" : $0.text
            }
            guard let host = HostAndPort(bracketed ?? text) else {
                throw SettingError(description: "'\(text)' is no host name to allow")
            }
            hosts.insert(host.host)
        }
        var origins: Set<WebOrigin> = []
        for text in allowedOrigins {
            guard let origin = WebOrigin(text) else {
                throw SettingError(
                    description: "'\(text)' is no origin to allow; write it like https://tools.example.com")
            }
            origins.insert(origin)
        }
        self.hosts = hosts
        self.origins = origins
        self.servesAnyAddress = servesAnyAddress
        hasAllowedOrigins = !origins.isEmpty
    }

    /// Judges a request's head; `serverPort` is the port it came to.
    package func judge(_ head: RequestHead, serverPort: Int) -> Verdict {
        // Of an absolute target its own host counts, whatever Host says (RFC 9112 §3.2.2). Only HTTP/1.0 comes
        // here without either.
        if let authority = head.targetAuthority ?? head.fields["Host"] {
            guard isOursAsSent(authority) || HostAndPort(authority).map(isOurs) == true else {
                return .refuse("Requests for this host are not allowed")
            }
        }
        guard head.fields.contains("Origin") else { return .serve(crossOrigin: nil) }
        let sent = head.fields.values(of: "Origin")
        guard sent.count == 1, let origin = WebOrigin(sent[0]) else {
            return .refuse("Requests from this origin are not allowed")
        }
        if origins.contains(origin) {
            let isPreflight = head.method == .options && head.fields.contains("Access-Control-Request-Method")
            return isPreflight ? .answerPreflight(origin: sent[0]) : .serve(crossOrigin: sent[0])
        }
        guard origin.scheme == "http", origin.port == serverPort, isOurs(origin.host) else {
            return .refuse("Requests from this origin are not allowed")
        }
        return .serve(crossOrigin: nil)
    }

    /// The origin to name in the answer, for a request that was let through.
    package func crossOrigin(of head: RequestHead) -> String? {
        guard hasAllowedOrigins, let sent = head.fields["Origin"], let origin = WebOrigin(sent),
            origins.contains(origin)
        else { return nil }
        return sent
    }

    /// Whether the host is one of ours letter by letter, as nearly always; then it needs no taking apart.
    private func isOursAsSent(_ authority: String) -> Bool {
        let bytes = authority.utf8
        guard let colon = bytes.lastIndex(of: UInt8(ascii: ":")) else { return hosts.contains(authority) }
        let port = bytes[bytes.index(after: colon)...]
        guard port.count <= 5, port.allSatisfy(ByteClass.isDigit) else { return false }
        return port.reduce(0) { $0 * 10 + Int($1 - 0x30) } <= 65_535
            && hosts.contains(String(authority[..<colon]))
    }

    private func isOurs(_ authority: HostAndPort) -> Bool { isOurs(authority.host) }

    private func isOurs(_ host: String) -> Bool {
        if hosts.contains(host) { return true }
        guard let address = SocketAddress(host, port: 0) else { return false }
        return address.isLoopback || servesAnyAddress
    }
}
