@testable import RoostServer
import Testing

@Suite struct `Addresses to listen on` {
    @Test(arguments: ["127.0.0.1", "127.9.9.9", "::1", "0:0:0:0:0:0:0:1"])
    func `takes loopback addresses`(address: String) throws {
        #expect(try ListenAddress.resolve([address], hasKeys: false) == [address])
    }

    @Test(arguments: ["0.0.0.0", "::", "192.168.0.1", "10.0.0.1", "::ffff:127.0.0.1", "fe80::1"])
    func `refuses others as long as there are no keys`(address: String) throws {
        let error = #expect(throws: StartError.self) { try ListenAddress.resolve([address], hasKeys: false) }
        #expect(error?.description.contains("without API keys") == true)
    }

    @Test(arguments: ["", "example.com", "127.1", "2130706433"])
    func `refuses what is no numeric address`(address: String) {
        let error = #expect(throws: StartError.self) { try ListenAddress.resolve([address], hasKeys: false) }
        #expect(error?.description.contains("numeric address") == true)
    }

    @Test func `reads localhost as both loopback addresses`() throws {
        #expect(try ListenAddress.resolve(["localhost", "127.0.0.1"], hasKeys: false) == ["127.0.0.1", "::1"])
    }
}
