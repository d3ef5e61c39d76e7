internal import Glibc
internal import RoostEventLoop
internal import Synchronization

/// Asks the system's resolver, which blocks, on threads of its own.
package final class NameLookup: Sendable {
    /// Look-ups at once. A resolver that hangs takes these and no more.
    private static let threads = 4

    private struct Worker {
        let loop: EventLoop
        var isBusy: Bool
    }

    private let workers = Mutex<[Worker]>([])

    /// No thread yet.
    package init() {}

    deinit { for worker in workers.withLock({ $0 }) { worker.loop.stop() } }

    /// The addresses of a name.
    ///
    /// - Parameters:
    ///   - name: A host name.
    ///   - patience: How long to wait.
    /// - Returns: Nil when that is not known in time, or too many look-ups are under way.
    package func addresses(of name: String, within patience: Duration) async -> [IPAddress]? {
        guard let (index, loop) = take() else { return nil }
        let race = Race()
        return await withCheckedContinuation { continuation in
            race.set(continuation)
            loop.execute { [weak self] in
                let found = Self.resolve(name)
                self?.workers.withLock { $0[index].isBusy = false }
                race.finish(found)
            }
            Task {
                try? await Task.sleep(for: patience)
                race.finish(nil)
            }
        }
    }

    private func take() -> (Int, EventLoop)? {
        workers.withLock { workers in
            if let index = workers.firstIndex(where: { !$0.isBusy }) {
                workers[index].isBusy = true
                return (index, workers[index].loop)
            }
            guard workers.count < Self.threads, let loop = try? EventLoop(name: "roost-lookup") else {
                return nil
            }
            do { try loop.start() } catch { return nil }
            workers.append(Worker(loop: loop, isBusy: true))
            return (workers.count - 1, loop)
        }
    }

    /// The first answer counts.
    private final class Race: Sendable {
        private let continuation = Mutex<CheckedContinuation<[IPAddress]?, Never>?>(nil)

        func set(_ continuation: CheckedContinuation<[IPAddress]?, Never>) {
            self.continuation.withLock { $0 = continuation }
        }

        func finish(_ addresses: [IPAddress]?) {
            continuation.withLock { $0.take() }?.resume(returning: addresses)
        }
    }

    /// The addresses of a name; blocks.
    ///
    /// - Returns: Nil when there is none, or no answer (getaddrinfo(3)).
    package static func resolve(_ name: String) -> [IPAddress]? {
        var hints = unsafe addrinfo()
        unsafe hints.ai_family = AF_UNSPEC
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(name, nil, &hints, &list) == 0 else { return nil }
        defer { unsafe freeaddrinfo(list) }
        var addresses: [IPAddress] = []
        var entry = unsafe list
        // The list ends in nil and is freed only when this function returns.
        while let current = unsafe entry {
            if let address = unsafe current.pointee.ai_addr,
                let found = unsafe IPAddress(
                    UnsafeRawPointer(address), count: Int(current.pointee.ai_addrlen))
            {
                addresses.append(found)
            }
            unsafe entry = unsafe current.pointee.ai_next
        }
        return addresses.isEmpty ? nil : addresses
    }
}

extension IPAddress {
    /// Reads a `sockaddr` of either family; nil for another one, or a short one.
    ///
    /// - Parameters:
    ///   - address: Of `count` readable bytes.
    ///   - count: Its length.
    package init?(_ address: UnsafeRawPointer, count: Int) {
        guard count >= 2 else { return nil }
        // Every read below is within `count`; sockaddr_in has its address at 4, sockaddr_in6 at 8 (netinet/in.h).
        let bytes = unsafe UnsafeRawBufferPointer(start: address, count: count)
        switch Int32(unsafe bytes.loadUnaligned(as: UInt16.self)) {
        case AF_INET where count >= 8: unsafe self.init(bytes: Array(bytes[4..<8]))
        case AF_INET6 where count >= 24: unsafe self.init(bytes: Array(bytes[8..<24]))
        default: return nil
        }
    }
}
