import RoostWebhooks
import Testing

@Suite struct AddressPolicyTests {
    private func refusal(_ text: String) throws -> String? {
        let found = text.contains(":") ? IPAddress(v6: text) : try IPAddress.v4(anyForm: text)
        return AddressPolicy.refusal(of: try #require(found))
    }

    @Test(arguments: [
        "0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255", "100.100.100.200",
        "127.0.0.1", "127.255.255.255", "168.63.129.16", "169.254.0.0", "169.254.169.254", "172.16.0.0",
        "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.0.0", "192.168.255.255", "198.18.0.0",
        "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1",
        "255.255.255.255",
    ])
    func `refuses what is not on the Internet`(address: String) throws {
        #expect(try refusal(address) != nil)
    }

    @Test(arguments: [
        "1.0.0.0", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
        "128.0.0.0", "168.63.129.15", "168.63.129.17", "169.253.255.255", "169.255.0.0", "172.15.255.255",
        "172.32.0.0", "192.0.1.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0",
        "223.255.255.255",
    ])
    func `lets the neighbours of refused ranges through`(address: String) throws {
        #expect(try refusal(address) == nil)
    }

    @Test(arguments: [
        "::", "::1", "::7f00:1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "::ffff:0:a00:1", "64:ff9b::10.0.0.1",
        "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808", "100::1", "2001::1", "2001:0:808:808::1", "2001:db8::1",
        "2002:7f00:1::1", "2002:a00:1::", "2002:a9fe:a9fe::1", "3fff::1", "4000::1", "5f00::1", "fc00::1",
        "fd00:ec2::254", "fe80::1", "febf::1", "fec0::1", "ff02::1", "2a00:1450::5efe:a00:1",
        "2a00:1450::200:5efe:7f00:1",
    ])
    func `refuses IPv6 that is not on the Internet, and IPv4 inside it`(address: String) throws {
        #expect(try refusal(address) != nil)
    }

    @Test(arguments: [
        "2606:4700:4700::1111", "2a00:1450:4001::200e", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1",
        "2001:4860:4860::8888", "2a00:1450::5efe:808:808",
    ])
    func `lets public IPv6 through`(address: String) throws {
        #expect(try refusal(address) == nil)
    }
}
