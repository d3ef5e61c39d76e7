import RoostCore
import RoostWebhooks
import Testing

@Suite struct WebhookTargetTests {
    @Test(arguments: [
        ("http://127.0.0.1", "127.0.0.1"), ("http://127.1:8080/x", "127.0.0.1"), ("http://2130706433", "127.0.0.1"),
        ("http://0x7f000001/", "127.0.0.1"), ("http://0x7F.0.0.1", "127.0.0.1"), ("http://0177.0.0.1", "127.0.0.1"),
        ("http://017700000001", "127.0.0.1"), ("http://0xa9fea9fe", "169.254.169.254"),
        ("http://169.254.169.254/latest", "169.254.169.254"), ("http://10.1", "10.0.0.1"),
        ("http://127.0.0.1.", "127.0.0.1"), ("http://0", "0.0.0.0"), ("http://0x", "0.0.0.0"),
        ("http://[::1]", "::1"), ("http://[::ffff:10.0.0.1]:80", "::ffff:10.0.0.1"),
        ("https://[64:ff9b::7f00:1]/", "64:ff9b::7f00:1"), ("https://[2002:a00:1::]/", "2002:a00:1::"),
    ])
    func `recognises a private address in any form`(url: String, address: String) throws {
        let target = try WebhookTarget(url)
        guard case .address(let found) = target.host else {
            Issue.record("\(url) is taken for a name")
            return
        }
        #expect(found.description == address)
        #expect(target.refusal != nil)
    }

    @Test(arguments: ["http://localhost", "https://LOCALHOST:8443/x", "http://a.localhost.", "http://localhost./"])
    func `refuses names that mean this machine`(url: String) throws {
        #expect(try WebhookTarget(url).refusal != nil)
    }

    @Test(arguments: [
        ("https://Example.COM", "https://example.com/", "example.com:443/"),
        ("HTTP://example.com:80/a?b=c#d", "http://example.com/a?b=c", "example.com:80/a"),
        ("http://example.com:8080?x", "http://example.com:8080/?x", "example.com:8080/"),
        ("https://example.com:/", "https://example.com/", "example.com:443/"),
        ("https://134744072/", "https://8.8.8.8/", "8.8.8.8:443/"),
        ("https://[2606:4700:4700:0:0:0:0:1111]:444/", "https://[2606:4700:4700::1111]:444/", "[2606:4700:4700::1111]:444/"),
        ("https://a_b.example-1.com./", "https://a_b.example-1.com/", "a_b.example-1.com:443/"),
    ])
    func `takes a URL apart and writes it in one way`(url: String, normal: String, receiver: String) throws {
        let target = try WebhookTarget(url)
        #expect(target.url == normal)
        #expect(target.receiver == receiver)
        #expect(target.refusal == nil)
    }

    @Test(arguments: [
        "", "example.com", "ftp://example.com", "http:/example.com", "http://", "http:///x", "http://user@example.com",
        "http://a:b@example.com", "http://example.com:99999", "http://example.com:0", "http://example.com:+5",
        "http://example.com:8a", "http://exa mple.com", "http://exämple.com", "http://%6cocalhost", "http://a..b",
        "http://.a", "http://256.256.256.256", "http://1.2.3.4.5", "http://09.1.1.1", "http://a.1", "http://0x1ffffffff",
        "http://4294967296", "http://[::1", "http://[::1]x", "http://[fe80::1%25eth0]", "http://[1.2.3.4]", "http://[]",
        "http://ex\\ample.com", "http://example.com\\@127.0.0.1/", "http://a\u{3002}b", "http://１２７.0.0.1",
        "http://example.com/\n", "http://" + String(repeating: "a", count: 64),
        "http://e.com/" + String(repeating: "a", count: 8192),
    ])
    func `refuses what is no plain URL`(url: String) {
        #expect(throws: WebhookRefusal.self) { try WebhookTarget(url) }
    }

    @Test func `a gate asks for the addresses of a name and refuses one that has a private one`() async throws {
        let gate = PublicGate(allowPrivate: false) { name in
            name == "two.example" ? [.v4(0x0808_0808), .v4(0x0A00_0001)] : name == "one.example" ? [.v4(0x0808_0808)] : nil
        }
        await #expect(throws: WebhookRefusal("two.example has the address 10.0.0.1, which is a private address")) {
            try await gate.admit("http://two.example/")
        }
        #expect(try await gate.admit("http://one.example/#x").url == "http://one.example/")
        // Not known now: the connection will be checked.
        #expect(try await gate.admit("http://none.example/").receiver == "none.example:80/")
    }

    @Test func `a gate that lets everything through still wants a URL`() async throws {
        let gate = PublicGate(allowPrivate: true) { _ in nil }
        #expect(try await gate.admit("http://2130706433:80/x").url == "http://127.0.0.1/x")
        await #expect(throws: WebhookRefusal.self) { try await gate.admit("gopher://x/") }
    }

    @Test func `the system's resolver is asked off the pool and answers`() async throws {
        let lookup = NameLookup()
        let addresses = try #require(await lookup.addresses(of: "localhost", within: .seconds(60)))
        #expect(addresses.allSatisfy { AddressPolicy.refusal(of: $0) == "a loopback address" })
        await #expect(throws: WebhookRefusal.self) {
            try await PublicGate(allowPrivate: false) { _ in addresses }.admit("http://points.here.example/")
        }
    }
}
