import RoostCore
import Testing

@testable import RoostHTTP

@Suite struct OriginPolicyTests {
    static let policy = try! OriginPolicy(
        boundAddresses: ["127.0.0.1", "::1", "192.168.1.5"], allowedHosts: ["Render.Example.com", "fd00::1"],
        allowedOrigins: ["https://tools.example.com", "http://app.example.com:3000"])

    private func judge(
        _ policy: OriginPolicy, host: String?, authority: String? = nil, origin: String? = nil,
        method: HTTPMethod = .get, version: HTTPVersion = .http11, preflight: Bool = false
    ) -> OriginPolicy.Verdict {
        var fields = HTTPFields()
        if let host { fields.append("Host", host) }
        if let origin { fields.append("Origin", origin) }
        if preflight { fields.append("Access-Control-Request-Method", "POST") }
        let head = RequestHead(
            method: method, target: "/", targetAuthority: authority, version: version, fields: fields)
        return policy.judge(head, serverPort: 8080)
    }

    @Test(arguments: [
        ("localhost", true), ("LOCALHOST:8080", true), ("localhost.", true), ("localhost:9", true),
        ("localhost:", true), ("localhost:65535", true), ("localhost:65536", false), ("localhost:99999999", false),
        ("localhost:+1", false), ("127.0.0.1", true), ("127.0.0.1:8080", true), ("127.8.9.1", true),
        ("[::1]", true), ("[::1]:8080", true), ("[0:0:0:0:0:0:0:1]", true), ("192.168.1.5", true),
        ("render.example.com", true), ("RENDER.example.COM:80", true), ("[fd00::1]:80", true),
        ("192.168.1.6", false), ("example.com", false), ("localhost.example.com", false),
        ("127.0.0.1.example.com", false), ("evil-localhost", false), ("x.localhost", false), ("0.0.0.0", false),
        ("127.1", false), ("2130706433", false), ("[::2]", false), ("[::ffff:127.0.0.1]", false),
        ("a.render.example.com", false),
    ]) func `only hosts of the server's own are served`(_ host: String, _ allowed: Bool) {
        let verdict = judge(Self.policy, host: host)
        #expect((verdict == .serve(crossOrigin: nil)) == allowed)
        // Of an absolute target its own host counts.
        #expect(judge(Self.policy, host: "evil.example", authority: host) == verdict)
        #expect(judge(Self.policy, host: host, authority: "localhost") == .serve(crossOrigin: nil))
    }

    @Test func `only HTTP/1.0 comes without a host`() {
        #expect(judge(Self.policy, host: nil, version: .http10) == .serve(crossOrigin: nil))
    }

    @Test func `a server on every address is asked by any address but not by any name`() throws {
        let policy = try OriginPolicy(boundAddresses: ["0.0.0.0"])
        #expect(judge(policy, host: "10.1.2.3:8080") == .serve(crossOrigin: nil))
        #expect(judge(policy, host: "example.com") != .serve(crossOrigin: nil))
    }

    @Test(arguments: [
        ("http://localhost:8080", OriginPolicy.Verdict.serve(crossOrigin: nil)),
        ("http://127.0.0.1:8080", .serve(crossOrigin: nil)),
        ("http://[::1]:8080", .serve(crossOrigin: nil)),
        ("https://tools.example.com", .serve(crossOrigin: "https://tools.example.com")),
        ("https://Tools.example.com:443", .serve(crossOrigin: "https://Tools.example.com:443")),
        ("http://app.example.com:3000", .serve(crossOrigin: "http://app.example.com:3000")),
        ("http://localhost", .refuse("Requests from this origin are not allowed")),
        ("http://localhost:8081", .refuse("Requests from this origin are not allowed")),
        ("https://localhost:8080", .refuse("Requests from this origin are not allowed")),
        ("http://tools.example.com", .refuse("Requests from this origin are not allowed")),
        ("https://tools.example.com:8443", .refuse("Requests from this origin are not allowed")),
        ("https://tools.example.com.evil.example", .refuse("Requests from this origin are not allowed")),
        ("https://evil.example/https://tools.example.com", .refuse("Requests from this origin are not allowed")),
        ("null", .refuse("Requests from this origin are not allowed")),
        ("", .refuse("Requests from this origin are not allowed")),
        ("file://", .refuse("Requests from this origin are not allowed")),
        ("http://user@localhost:8080", .refuse("Requests from this origin are not allowed")),
    ]) func `only the server's own pages and allowed ones may call`(
        _ origin: String, _ expected: OriginPolicy.Verdict
    ) {
        #expect(judge(Self.policy, host: "localhost:8080", origin: origin) == expected)
    }

    @Test func `a second Origin is refused`() {
        var fields = HTTPFields()
        fields.append("Host", "localhost")
        fields.append("Origin", "http://localhost:8080")
        fields.append("Origin", "http://localhost:8080")
        let verdict = Self.policy.judge(RequestHead(method: .get, target: "/", fields: fields), serverPort: 8080)
        #expect(verdict == .refuse("Requests from this origin are not allowed"))
    }

    @Test func `a preflight is answered only to an allowed origin, and the host comes first`() {
        let ask = { (host: String, origin: String) in
            judge(Self.policy, host: host, origin: origin, method: .options, preflight: true)
        }
        #expect(
            ask("localhost", "https://tools.example.com") == .answerPreflight(origin: "https://tools.example.com"))
        #expect(ask("localhost", "http://localhost:8080") == .serve(crossOrigin: nil))
        #expect(ask("localhost", "https://evil.example") == .refuse("Requests from this origin are not allowed"))
        #expect(ask("evil.example", "https://tools.example.com") == .refuse("Requests for this host are not allowed"))
    }

    @Test(arguments: ["tools.example.com", "https://a/b", "https://", "*", "null"])
    func `refuses a setting that is no origin`(_ text: String) {
        #expect(throws: OriginPolicy.SettingError.self) {
            try OriginPolicy(boundAddresses: [], allowedOrigins: [text])
        }
    }

    @Test(arguments: ["", "a b", "http://a", "a/b"]) func `refuses a setting that is no host`(_ text: String) {
        #expect(throws: OriginPolicy.SettingError.self) {
            try OriginPolicy(boundAddresses: [], allowedHosts: [text])
        }
    }

    // MARK: The service

    private func head(_ method: HTTPMethod, _ fields: [(String, String)]) -> RequestHead {
        var all = HTTPFields()
        all.append("Host", "localhost")
        for (name, value) in fields { all.append(name, value) }
        return RequestHead(method: method, target: "/", fields: all)
    }

    private let client = ClientAddress(host: "127.0.0.1", serverPort: 8080)

    @Test func `adds the fields of an allowed origin to every answer`() async throws {
        let guarded = GuardedService(TestService(), policy: Self.policy)
        let incoming = { (fields: [(String, String)]) in
            IncomingRequest(head: head(.get, fields), body: [], client: client, ticket: .none)
        }
        let allowed = await guarded.respond(to: incoming([("Origin", "https://tools.example.com")]))
        #expect(allowed.fields["Access-Control-Allow-Origin"] == "https://tools.example.com")
        #expect(allowed.fields["Vary"] == "Origin")
        let own = await guarded.respond(to: incoming([]))
        #expect(own.fields["Access-Control-Allow-Origin"] == nil)
        #expect(own.fields["Vary"] == "Origin")
        let bare = GuardedService(TestService(), policy: try OriginPolicy(boundAddresses: []))
        #expect(await bare.respond(to: incoming([])).fields["Vary"] == nil)
    }

    @Test func `refuses and answers preflights before the service is asked`() throws {
        let service = TestService(onAdmit: { _ in .respond(.text("inner", status: .unauthorized)) })
        let guarded = GuardedService(service, policy: Self.policy)
        guard case .respond(let refused) = guarded.admit(head(.get, [("Origin", "null")]), from: client),
            case .respond(let preflight) = guarded.admit(
                head(
                    .options,
                    [
                        ("Origin", "https://tools.example.com"), ("Access-Control-Request-Method", "DELETE"),
                        ("Access-Control-Request-Headers", "x-api-key"),
                    ]), from: client),
            case .respond(let inner) = guarded.admit(
                head(.get, [("Origin", "https://tools.example.com")]), from: client)
        else {
            Issue.record("expected answers at the head")
            return
        }
        #expect(refused.status == .forbidden)
        #expect(refused.fields["Vary"] == "Origin")
        #expect(preflight.status == .noContent)
        #expect(preflight.fields["Access-Control-Allow-Methods"]?.contains("DELETE") == true)
        #expect(preflight.fields["Access-Control-Allow-Headers"] == "x-api-key")
        #expect(preflight.fields["Access-Control-Max-Age"] == "600")
        #expect(preflight.fields["Access-Control-Allow-Origin"] == "https://tools.example.com")
        #expect(inner.status == .unauthorized)
        #expect(inner.fields["Access-Control-Allow-Origin"] == "https://tools.example.com")
    }
}
