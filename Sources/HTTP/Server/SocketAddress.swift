internal import CLinux
internal import Glibc

/// A numeric IPv4 or IPv6 address with its port, in the form the kernel takes.
struct SocketAddress: Sendable, Equatable {
    enum Host: Sendable, Equatable {
        case ipv4(UInt32)
        case ipv6([UInt8])
    }

    /// The address in network byte order.
    let host: Host
    var port: Int

    /// Reads a numeric address such as `127.0.0.1` or `::1` (also `[::1]`); nil for anything else.
    init?(_ text: String, port: Int) {
        guard (0...65_535).contains(port) else { return nil }
        self.port = port
        var ipv4 = in_addr()
        var ipv6 = in6_addr()
        let bare = text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : text
        if unsafe inet_pton(AF_INET, text, &ipv4) == 1 {
            host = .ipv4(ipv4.s_addr)
        } else if unsafe inet_pton(AF_INET6, bare, &ipv6) == 1 {
            host = .ipv6(unsafe withUnsafeBytes(of: ipv6) { unsafe Array($0) })
        } else {
            return nil
        }
    }

    /// Reads what the kernel wrote; nil for a family other than the two.
    init?(_ storage: sockaddr_storage) {
        // Both forms are shorter than `sockaddr_storage`, which the kernel aligns for either.
        switch Int32(storage.ss_family) {
        case AF_INET:
            let address = unsafe withUnsafeBytes(of: storage) { unsafe $0.load(as: sockaddr_in.self) }
            host = .ipv4(address.sin_addr.s_addr)
            port = Int(UInt16(bigEndian: address.sin_port))
        case AF_INET6:
            let address = unsafe withUnsafeBytes(of: storage) { unsafe $0.load(as: sockaddr_in6.self) }
            host = .ipv6(unsafe withUnsafeBytes(of: address.sin6_addr) { unsafe Array($0) })
            port = Int(UInt16(bigEndian: address.sin6_port))
        default: return nil
        }
    }

    var family: Int32 { if case .ipv4 = host { AF_INET } else { AF_INET6 } }

    var isLoopback: Bool {
        switch host {
        case .ipv4(let address): UInt32(bigEndian: address) >> 24 == 127
        case .ipv6(let bytes): bytes == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
        }
    }

    /// The address in its usual form, without port and brackets.
    var text: String {
        var buffer = [CChar](repeating: 0, count: 64)
        let done =
            switch host {
            case .ipv4(var address): unsafe inet_ntop(AF_INET, &address, &buffer, 64) != nil
            case .ipv6(let bytes): unsafe inet_ntop(AF_INET6, bytes, &buffer, 64) != nil
            }
        guard done else { return "" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Hands the kernel's form to a call such as `bind`.
    func withKernelForm<Result>(
        _ call: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        var storage = sockaddr_storage()
        let length: Int
        switch host {
        case .ipv4(let bits):
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = UInt16(port).bigEndian
            address.sin_addr.s_addr = bits
            length = MemoryLayout<sockaddr_in>.size
            unsafe withUnsafeMutableBytes(of: &storage) {
                unsafe $0.storeBytes(of: address, as: sockaddr_in.self)
            }
        case .ipv6(let bytes):
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = UInt16(port).bigEndian
            unsafe withUnsafeMutableBytes(of: &address.sin6_addr) { unsafe $0.copyBytes(from: bytes) }
            length = MemoryLayout<sockaddr_in6>.size
            unsafe withUnsafeMutableBytes(of: &storage) {
                unsafe $0.storeBytes(of: address, as: sockaddr_in6.self)
            }
        }
        return unsafe withUnsafePointer(to: &storage) { pointer in
            // `sockaddr` is the common head of every kernel form.
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe call($0, socklen_t(length))
            }
        }
    }
}
