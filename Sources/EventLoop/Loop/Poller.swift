internal import CLinux

/// An epoll set (epoll(7)): descriptors by a key of the caller's, level-triggered unless asked otherwise.
struct Poller: ~Copyable {
    private let descriptor: OwnedDescriptor

    /// - Throws: `epoll_create1`.
    init() throws(SystemError) {
        descriptor = try OwnedDescriptor(result: epoll_create1(CLINUX_EPOLL_CLOEXEC), of: "epoll_create1")
    }

    func add(_ other: Int32, events: UInt32, key: UInt64) throws(SystemError) {
        try control(EPOLL_CTL_ADD, other, events, key)
    }

    func modify(_ other: Int32, events: UInt32, key: UInt64) throws(SystemError) {
        try control(EPOLL_CTL_MOD, other, events, key)
    }

    /// Fails only if the descriptor is closed already, and then it is out of the set.
    func remove(_ other: Int32) { try? control(EPOLL_CTL_DEL, other, 0, 0) }

    /// Waits up to `timeout` milliseconds (-1 for ever) for events and writes them to the front of `buffer`; an
    /// interrupted wait gives none.
    func wait(timeout: Int32, into buffer: inout EventBuffer) {
        buffer.count = max(
            0,
            Int(unsafe epoll_wait(descriptor.rawValue, &buffer.events, Int32(buffer.events.count), timeout)))
    }

    private func control(
        _ operation: Int32, _ other: Int32, _ events: UInt32, _ key: UInt64
    ) throws(SystemError) {
        var event = unsafe clinux_epoll_event(events, key)
        guard unsafe epoll_ctl(descriptor.rawValue, operation, other, &event) == 0 else {
            throw .last("epoll_ctl")
        }
    }
}

/// The events of one wait. Safe: of the C union only the number is ever written or read.
@safe struct EventBuffer {
    fileprivate var events = unsafe [epoll_event](repeating: epoll_event(), count: 256)
    fileprivate(set) var count = 0

    subscript(_ index: Int) -> (key: UInt64, readiness: UInt32) {
        unsafe (clinux_epoll_key(events[index]), events[index].events)
    }
}
