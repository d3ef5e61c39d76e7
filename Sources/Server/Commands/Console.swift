internal import Glibc

/// Standard output and error of a command, without buffers.
enum Console {
    /// Writes to standard output.
    static func print(_ text: String) { put(text, to: STDOUT_FILENO) }

    /// Writes to standard error.
    static func printError(_ text: String) { put(text, to: STDERR_FILENO) }

    /// Writes to any descriptor; false when it takes nothing more.
    @discardableResult
    static func put(_ text: String, to descriptor: Int32) -> Bool {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                // Somebody who shares the terminal with us made it non-blocking.
                var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = unsafe poll(&wait, 1, -1)
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }
}
