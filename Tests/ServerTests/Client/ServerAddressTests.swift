@testable import RoostServer
import Testing

@Suite struct `The address of a server` {
    @Test(arguments: [
        ("http://127.0.0.1:8080", "127.0.0.1", 8080, "", "127.0.0.1:8080"), ("http://localhost", "localhost", 80, "", "localhost"),
        ("HTTP://example.org:81/", "example.org", 81, "", "example.org:81"),
        ("http://[::1]:8080/api/v1", "::1", 8080, "", "[::1]:8080"),
        ("http://proxy:80/roost/api/v1/", "proxy", 80, "/roost", "proxy"),
        ("http://proxy/roost", "proxy", 80, "/roost", "proxy"),
    ])
    func `is a URL`(text: String, host: String, port: Int, prefix: String, authority: String) throws {
        let address = try ServerAddress(url: text)
        #expect(address.endpoint == .tcp(host: host, port: port))
        #expect(address.prefix == prefix)
        #expect(address.authority == authority)
    }

    @Test(arguments: [
        "", "localhost:8080", "ftp://a", "http://", "http:///x", "http://a:0", "http://a:65536", "http://a:x", "http://a:1:2",
        "http://[::1", "http://[::1]8080", "http://u@a", "http://a/?b", "http://a/#b", "http://a b", "http://a\r\nX: y",
    ])
    func `is refused otherwise`(text: String) { #expect(throws: UsageError.self) { try ServerAddress(url: text) } }

    @Test func `is not one of https, and that is said`() {
        let error = #expect(throws: UsageError.self) { try ServerAddress(url: "https://example.org") }
        #expect(error?.description.contains("https is not spoken here") == true)
    }
}
