extension EventLoop {
    /// A descriptor's place in a loop. All of it belongs to the loop's thread.
    public struct Registration: Sendable {
        let loop: EventLoop
        let key: RegistrationTable.Key

        /// Changes what is reported; nothing happens when the registration is cancelled.
        ///
        /// - Throws: `epoll_ctl`, such as `EINVAL` for an exclusive registration.
        public func update(_ interest: Interest) throws(SystemError) {
            try loop.update(key, interest)
        }

        /// Ends it: from here on the handler is never called again, not even for an event that the loop
        /// has already fetched. Does not close the descriptor. May be called from any handler, and twice.
        public func cancel() { loop.cancel(key) }
    }
}
