import RoostCore
import RoostHTTP
import Testing

@Suite struct `A limit of requests a second` {
    private let start = ContinuousClock.now

    @Test func `allows a quota at once, then one at a time`() {
        let limiter = RateLimiter(requestsPerSecond: 4)
        for left in [3, 2, 1, 0] {
            let standing = limiter.take("a", at: start)
            #expect(standing.isWithin)
            #expect(standing.remaining == left)
        }
        let beyond = limiter.take("a", at: start)
        #expect(!beyond.isWithin)
        #expect(beyond.remaining == 0)
        #expect(beyond.wait == .milliseconds(250))
        #expect(!limiter.take("a", at: start + .milliseconds(249)).isWithin)
        #expect(limiter.take("a", at: start + .milliseconds(250)).isWithin)
        #expect(!limiter.take("a", at: start + .milliseconds(250)).isWithin)
        #expect(limiter.take("a", at: start + .seconds(9)).remaining == 3)
    }

    @Test func `counts each client for itself`() {
        let limiter = RateLimiter(requestsPerSecond: 1)
        #expect(limiter.take("a", at: start).isWithin)
        #expect(limiter.take("b", at: start).isWithin)
        #expect(!limiter.take("a", at: start).isWithin)
    }

    @Test func `remembers a bounded number of clients`() {
        let limiter = RateLimiter(requestsPerSecond: 1)
        for number in 0..<25_000 { _ = limiter.take("client \(number)", at: start) }
        #expect(limiter.clientCount <= RateLimiter.maximumClients)
        // Those whose quota is whole again go first.
        let later = RateLimiter(requestsPerSecond: 1)
        for number in 0..<RateLimiter.maximumClients - 1 { _ = later.take("client \(number)", at: start) }
        _ = later.take("busy", at: start + .milliseconds(500))
        _ = later.take("new", at: start + .milliseconds(1200))
        #expect(later.clientCount == 2)
        #expect(!later.take("busy", at: start + .milliseconds(1200)).isWithin)
    }

    @Test func `is told in the fields of the draft and refuses with when to come again`() async throws {
        let guarded = GuardedService(
            TestService(), policy: try OriginPolicy(boundAddresses: []), limiter: RateLimiter(requestsPerSecond: 2))
        let client = ClientAddress(host: "127.0.0.1", serverPort: 8080)
        var fields = HTTPFields()
        fields.append("Host", "localhost")
        let head = RequestHead(method: .get, target: "/", fields: fields)
        guard case .proceed(let ticket, _) = guarded.admit(head, from: client) else {
            Issue.record("refused")
            return
        }
        let answer = await guarded.respond(
            to: IncomingRequest(head: head, body: [], client: client, ticket: ticket))
        #expect(answer.fields["RateLimit-Policy"] == #""default";q=2;w=1"#)
        #expect(answer.fields["RateLimit"] == #""default";r=1;t=1"#)
        // At most two more within the second that the three take.
        var refused: Response?
        for _ in 0..<1000 {
            if case .respond(let response) = guarded.admit(head, from: client) {
                refused = response
                break
            }
        }
        let response = try #require(refused)
        #expect(response.status == .tooManyRequests)
        #expect(response.fields["Retry-After"] == "1")
        #expect(response.fields["RateLimit"] == #""default";r=0;t=1"#)
        guard case .bytes(let bytes) = response.body else { return }
        let error = try JSONParser.parse(bytes)["error"]
        #expect(error?["code"] == "QUEUE_FULL")
        #expect(error?["details"] == ["limit": "rate", "maximum": 2])
    }
}
