/// Where a server listens.
struct ServerAddress: Sendable, Equatable, CustomStringConvertible {
    /// The way to it.
    enum Endpoint: Sendable, Equatable {
        /// A name or a numeric address, without brackets.
        case tcp(host: String, port: Int)
        /// A path in the file system.
        case unix(String)
    }

    let endpoint: Endpoint
    /// What stands before `/api/v1` in a target; empty, or begins with a slash.
    var prefix = ""
    /// What led here, if it was a discovery file.
    var announcement: Announcement?

    /// What a discovery file says beside the port.
    struct Announcement: Sendable, Equatable {
        /// The project's folder.
        let project: String
        /// The server's process, as the server sees it itself.
        let processID: Int
    }

    /// For messages.
    var description: String {
        switch endpoint {
        case .tcp: "http://\(authority)\(prefix)"
        case .unix(let path): path
        }
    }

    /// The `Host` field.
    var authority: String {
        switch endpoint {
        case .tcp(let host, 80): host.contains(":") ? "[\(host)]" : host
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix: "localhost"
        }
    }
}

extension ServerAddress {
    /// Reads `http://HOST[:PORT][/PREFIX]`; an `/api/v1` at its end, as in the ready line, is no part of the prefix.
    ///
    /// - Throws: ``UsageError`` that says what a URL must look like.
    init(url text: String) throws(UsageError) {
        let lower = text.lowercased()
        if lower.hasPrefix("https://") {
            throw UsageError(
                "--url \(text): https is not spoken here; ask a server on this machine, or reach it through an SSH tunnel or a proxy"
            )
        }
        let mistake = UsageError("--url must be http://HOST[:PORT], not '\(text)'")
        guard lower.hasPrefix("http://"), text.utf8.allSatisfy({ (0x21..<0x7F).contains($0) }),
            !text.contains(where: { "?#@\\".contains($0) })
        else { throw mistake }
        let rest = text.dropFirst("http://".count)
        let authority = rest.prefix { $0 != "/" }
        var path = String(rest.dropFirst(authority.count))
        while path.hasSuffix("/") { path.removeLast() }
        if path.hasSuffix("/api/v1") { path.removeLast("/api/v1".count) }
        let host: Substring
        let port: Substring
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { throw mistake }
            host = authority[authority.index(after: authority.startIndex)..<end]
            port = authority[authority.index(after: end)...]
        } else {
            host = authority.prefix { $0 != ":" }
            port = authority.dropFirst(host.count)
        }
        guard !host.isEmpty else { throw mistake }
        var number = 80
        if !port.isEmpty {
            guard port.hasPrefix(":"), let given = Int(option: String(port.dropFirst())),
                (1...65_535).contains(given)
            else { throw mistake }
            number = given
        }
        self.init(endpoint: .tcp(host: String(host), port: number), prefix: path)
    }
}
