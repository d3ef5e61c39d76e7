import RoostCore
import RoostHTTP
import Testing

@Suite struct `API keys` {
    private func head(_ fields: (String, String)..., target: String = "/api/v1/handlers") -> RequestHead {
        var all = HTTPFields()
        all.append("Host", "localhost")
        for (name, value) in fields { all.append(name, value) }
        return RequestHead(method: .get, target: target, fields: all)
    }

    private let keys = APIKeys(
        try! APIKeyList(text: "# who\n\n  ci:secret-one \r\nplain-key\nci:secret-two\nbob:with:colon"))

    @Test func `are one a line, with or without a name`() throws {
        #expect(keys.client(of: head(("x-api-key", "secret-one"))) == "ci")
        #expect(keys.client(of: head(("X-API-Key", "secret-two"))) == "ci")
        #expect(keys.client(of: head(("x-api-key", "plain-key"))) == "key-2")
        #expect(keys.client(of: head(("x-api-key", "with:colon"))) == "bob")
        #expect(keys.clientCount == 3)
        #expect(try APIKeyList(text: "# nothing\n\n").count == 0)
    }

    @Test func `are read from either field`() {
        #expect(keys.client(of: head(("Authorization", "Bearer plain-key"))) == "key-2")
        #expect(keys.client(of: head(("Authorization", "bearer  plain-key"))) == "key-2")
        #expect(keys.client(of: head(("x-api-key", "wrong"), ("Authorization", "Bearer plain-key"))) == "key-2")
    }

    @Test(arguments: [
        ("x-api-key", ""), ("x-api-key", "plain-ke"), ("x-api-key", "plain-key1"), ("x-api-key", "PLAIN-KEY"),
        ("x-api-key", "ci:secret-one"), ("x-api-key", "# who"), ("Authorization", "plain-key"),
        ("Authorization", "Basic plain-key"), ("Authorization", "Bearer"), ("Cookie", "plain-key"),
        ("x-api-key", String(repeating: "k", count: 600)),
    ])
    func `that are none are refused`(name: String, value: String) {
        #expect(keys.client(of: head((name, value))) == nil)
    }

    @Test(arguments: [
        ("a b", "line 1: a key is 1 to 512 visible ASCII characters"),
        ("good\nk\u{e9}y", "line 2: a key is 1 to 512 visible ASCII characters"),
        ("name:", "line 1: a key is 1 to 512 visible ASCII characters"),
        (String(repeating: "k", count: 513), "line 1: a key is 1 to 512 visible ASCII characters"),
        (":key", "line 1: a name is 1 to 64 of A-Z, a-z, 0-9, '.', '_' and '-'"),
        ("a/b:key", "line 1: a name is 1 to 64 of A-Z, a-z, 0-9, '.', '_' and '-'"),
        ("a:key\nb:key", "line 2: this key already has another name"),
    ])
    func `of a wrong form are told by their line, never by themselves`(text: String, reason: String) {
        let error = #expect(throws: APIKeyList.FormError.self) { try APIKeyList(text: text) }
        #expect(error?.description == reason)
    }

    @Test func `can be replaced`() throws {
        let keys = APIKeys(try APIKeyList(text: "old"))
        keys.replace(with: try APIKeyList(text: "new:new"))
        #expect(keys.client(of: head(("x-api-key", "old"))) == nil)
        #expect(keys.client(of: head(("x-api-key", "new"))) == "new")
    }

    // MARK: The guard

    private let client = ClientAddress(host: "127.0.0.1", serverPort: 8080)

    private func refusal(_ guarded: GuardedService, _ head: RequestHead) -> Response? {
        guard case .respond(let response) = guarded.admit(head, from: client) else { return nil }
        return response
    }

    @Test func `are asked for after host and origin and before the route`() throws {
        let service = TestService(onAdmit: { _ in .respond(.text("inner", status: .notFound)) })
        let policy = try OriginPolicy(boundAddresses: [], allowedOrigins: ["https://tools.example.com"])
        let guarded = GuardedService(service, policy: policy, keys: keys)
        #expect(refusal(guarded, head(("Origin", "null")))?.status == .forbidden)
        let missing = try #require(refusal(guarded, head()))
        #expect(missing.status == .unauthorized)
        #expect(missing.fields["WWW-Authenticate"] == #"Bearer realm="roost""#)
        let wrong = try #require(refusal(guarded, head(("x-api-key", "wrong"))))
        #expect(wrong.status == .unauthorized)
        #expect(wrong.fields["WWW-Authenticate"] == #"Bearer realm="roost", error="invalid_token""#)
        let inner = try #require(refusal(guarded, head(("x-api-key", "plain-key"))))
        #expect(inner.status == .notFound)
        #expect(inner.clientName == "key-2")
        var preflight = head(
            ("Origin", "https://tools.example.com"), ("Access-Control-Request-Method", "POST"),
            ("Access-Control-Request-Headers", "x-api-key"))
        preflight.method = .options
        #expect(refusal(guarded, preflight)?.status == .noContent)
    }

    @Test(arguments: [
        ("/api/v1/health", true), ("/api/v1/health?x=1", true), ("/api/v1/healthy", false),
        ("/api/v1/health/", false), ("/api/v1/Health", false), ("/v1/health", false), ("/", false),
    ])
    func `are not needed for health alone`(target: String, isOpen: Bool) throws {
        let guarded = GuardedService(
            TestService(), policy: try OriginPolicy(boundAddresses: []), keys: keys,
            limiter: RateLimiter(requestsPerSecond: 1))
        for _ in 0..<3 { #expect((refusal(guarded, head(target: target)) == nil) == isOpen) }
    }

    @Test func `give the service the client's name`() throws {
        let guarded = GuardedService(TestService(), policy: try OriginPolicy(boundAddresses: []), keys: keys)
        guard case .proceed(let ticket, _) = guarded.admit(head(("x-api-key", "secret-one")), from: client) else {
            Issue.record("refused")
            return
        }
        #expect(ticket.clientName == "ci")
    }
}
