import Glibc

/// Waiting for a condition, with a deadline.
enum Waiting {
    /// Far more than anything here takes, also on a loaded machine.
    static let limit = Duration.seconds(30)

    /// Polls descriptors for reading.
    ///
    /// - Parameter descriptors: what to wait for.
    /// - Returns: those that are readable or at their end.
    /// - Throws: `HarnessError` when the deadline passed.
    static func forReading(_ descriptors: [Int32]) throws -> [Int32] {
        var waits = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        let count = unsafe poll(&waits, nfds_t(waits.count), Int32(limit.components.seconds * 1000))
        guard count > 0 else { throw HarnessError("nothing came in \(limit)") }
        return waits.filter { $0.revents != 0 }.map(\.fd)
    }

    /// Asks again and again, a millisecond apart, until `condition` holds.
    ///
    /// - Parameters:
    ///   - what: the condition in words.
    ///   - condition: asked on this thread.
    /// - Throws: `HarnessError` when the deadline passed.
    static func until(_ what: String, _ condition: () throws -> Bool) throws {
        let end = ContinuousClock.now + limit
        while try !condition() {
            guard ContinuousClock.now < end else { throw HarnessError("not in \(limit): \(what)") }
            poll(nil, 0, 1)
        }
    }
}
