internal import CLinux

extension EventLoop {
    /// What a registration wants to hear about. ``Readiness/hangUp`` and ``Readiness/error`` always come.
    public struct Interest: OptionSet, Sendable, Hashable {
        /// The set as bits.
        public let rawValue: UInt8

        /// Makes a set from its bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Bytes, a new connection or the end can be read.
        public static let read = Interest(rawValue: 1)
        /// There is room to write.
        public static let write = Interest(rawValue: 2)
        /// The other side of a socket has finished sending, even while ``read`` is not wanted.
        public static let inputClosed = Interest(rawValue: 4)
        /// For a descriptor that several loops listen on: wake one or few of them, not all (`EPOLLEXCLUSIVE`).
        /// Such a registration cannot be updated.
        public static let exclusive = Interest(rawValue: 8)

        var events: UInt32 {
            var events: UInt32 = 0
            if contains(.read) { events |= CLINUX_EPOLLIN }
            if contains(.write) { events |= CLINUX_EPOLLOUT }
            if contains(.inputClosed) { events |= CLINUX_EPOLLRDHUP }
            if contains(.exclusive) { events |= CLINUX_EPOLLEXCLUSIVE }
            return events
        }
    }

    /// What a descriptor is ready for.
    public struct Readiness: OptionSet, Sendable, Hashable {
        /// The set as bits.
        public let rawValue: UInt32

        /// Makes a set from its bits.
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// A read will not block; it may find the end.
        public static let readable = Readiness(rawValue: CLINUX_EPOLLIN)
        /// A write will not block.
        public static let writable = Readiness(rawValue: CLINUX_EPOLLOUT)
        /// The other side has finished sending; it may still read.
        public static let inputClosed = Readiness(rawValue: CLINUX_EPOLLRDHUP)
        /// Both directions are closed, or the other end of a pipe is; bytes may be left to read.
        public static let hangUp = Readiness(rawValue: CLINUX_EPOLLHUP)
        /// The socket failed, or the reader of a pipe is gone.
        public static let error = Readiness(rawValue: CLINUX_EPOLLERR)
    }
}
