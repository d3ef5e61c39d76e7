internal import Glibc

/// A numeric address to listen on.
enum ListenAddress {
    /// True for 127.0.0.0/8 and ::1, in any way of writing them that inet_pton(3) takes.
    static func isLoopback(_ text: String) -> Bool {
        var four = in_addr()
        if unsafe inet_pton(AF_INET, text, &four) == 1 { return UInt32(bigEndian: four.s_addr) >> 24 == 127 }
        var six = in6_addr()
        guard unsafe inet_pton(AF_INET6, text, &six) == 1 else { return false }
        return unsafe withUnsafeBytes(of: &six) { bytes in
            unsafe bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
        }
    }

    /// True when the text is a numeric IPv4 or IPv6 address.
    static func isNumeric(_ text: String) -> Bool {
        var four = in_addr()
        var six = in6_addr()
        return unsafe inet_pton(AF_INET, text, &four) == 1 || inet_pton(AF_INET6, text, &six) == 1
    }

    /// The addresses meant, `localhost` standing for both loopback ones.
    ///
    /// - Throws: ``StartError`` for a name, or for an address beyond loopback where there are no API keys: everybody on
    ///   the network could run code here.
    static func resolve(_ hosts: [String], hasKeys: Bool) throws(StartError) -> [String] {
        var addresses: [String] = []
        for host in hosts {
            for address in host == "localhost" ? ["127.0.0.1", "::1"] : [host]
            where !addresses.contains(address) {
                guard isNumeric(address) else {
                    throw StartError("--host \(host): must be a numeric address such as 127.0.0.1 or ::1")
                }
                guard hasKeys || isLoopback(address) else {
                    throw StartError(
                        "--host \(host): is not a loopback address; without API keys (--api-key-file) anybody who reaches it could run code here"
                    )
                }
                addresses.append(address)
            }
        }
        return addresses
    }
}
