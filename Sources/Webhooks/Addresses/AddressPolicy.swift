/// Which addresses a webhook may be sent to: those of the public Internet, and no others.
///
/// From the special-purpose registries of IANA (https://www.iana.org/assignments/iana-ipv4-special-registry and
/// iana-ipv6-special-registry, RFC 6890). An IPv6 address that carries an IPv4 address is judged by that one. Of IPv6
/// only global unicast (2000::/3) is public at all, so that ranges which come into use later are closed, not open.
package enum AddressPolicy {
    private static let v4Ranges: [(network: UInt32, bits: UInt32, kind: String)] = [
        (0x0000_0000, 8, "an address of this host"),  // 0.0.0.0/8
        (0x0A00_0000, 8, "a private address"),  // 10.0.0.0/8
        // Shared by providers; metadata of some clouds.
        (0x6440_0000, 10, "a private address"),  // 100.64.0.0/10
        (0x7F00_0000, 8, "a loopback address"),  // 127.0.0.0/8
        (0xA83F_8110, 32, "a metadata address"),  // 168.63.129.16, the host of Azure's machines
        (0xA9FE_0000, 16, "a link-local address"),  // 169.254.0.0/16, metadata of most clouds
        (0xAC10_0000, 12, "a private address"),  // 172.16.0.0/12
        (0xC000_0000, 24, "a reserved address"),  // 192.0.0.0/24
        (0xC000_0200, 24, "a documentation address"),  // 192.0.2.0/24
        (0xC058_6300, 24, "a reserved address"),  // 192.88.99.0/24, relays of 6to4
        (0xC0A8_0000, 16, "a private address"),  // 192.168.0.0/16
        (0xC612_0000, 15, "a benchmarking address"),  // 198.18.0.0/15
        (0xC633_6400, 24, "a documentation address"),  // 198.51.100.0/24
        (0xCB00_7100, 24, "a documentation address"),  // 203.0.113.0/24
        (0xE000_0000, 4, "a multicast address"),  // 224.0.0.0/4
        (0xF000_0000, 4, "a reserved address"),  // 240.0.0.0/4, and broadcast
    ]

    /// Why webhooks are not sent to an address.
    ///
    /// - Returns: Its kind, such as `a private address`; nil when it is public.
    package static func refusal(of address: IPAddress) -> String? {
        switch address {
        case .v4(let value): return refusal(v4: value)
        case .v6(let high, let low): return refusal(high, low)
        }
    }

    private static func refusal(v4 value: UInt32) -> String? {
        for range in v4Ranges where value >> (32 - range.bits) == range.network >> (32 - range.bits) {
            return range.kind
        }
        return nil
    }

    private static func refusal(_ high: UInt64, _ low: UInt64) -> String? {
        let embedded = UInt32(truncatingIfNeeded: low)
        if high == 0, low == 1 { return "a loopback address" }
        if high == 0, low >> 32 == 0xFFFF { return refusal(v4: embedded) }  // ::ffff:0:0/96, IPv4-mapped
        // 64:ff9b::/96, NAT64
        if high == 0x0064_FF9B_0000_0000, low >> 32 == 0 { return refusal(v4: embedded) }
        if high >> 57 == 0x7E { return "a private address" }  // fc00::/7
        if high >> 54 == 0x3FA { return "a link-local address" }  // fe80::/10
        if high >> 56 == 0xFF { return "a multicast address" }  // ff00::/8
        guard high >> 61 == 1 else { return "a reserved address" }  // not in 2000::/3
        if high >> 41 == 0x2001_0000 >> 9 { return "a reserved address" }  // 2001::/23, Teredo among them
        if high >> 32 == 0x2001_0DB8 || high >> 44 == 0x3FFF0 { return "a documentation address" }
        if high >> 48 == 0x2002 {  // 2002::/16, 6to4
            return refusal(v4: UInt32(truncatingIfNeeded: high >> 16))
        }
        // ISATAP (RFC 5214 §6.1): the interface identifier holds the IPv4 address.
        if low >> 32 & 0xFCFF_FFFF == 0x0000_5EFE { return refusal(v4: embedded) }
        return nil
    }
}
