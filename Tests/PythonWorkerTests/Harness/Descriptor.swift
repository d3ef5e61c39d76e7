import Glibc

/// An open descriptor, closed with its owner.
final class Descriptor {
    let raw: Int32
    private var isOpen = true

    init(_ raw: Int32) {
        self.raw = raw
    }

    /// Reads what is there; empty at the end, nil when nothing is there now.
    func readAvailable() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = unsafe read(raw, &buffer, buffer.count)
        if count < 0 { return errno == EAGAIN ? nil : [] }
        return Array(buffer.prefix(count))
    }

    func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe send(raw, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else {
                guard errno == EAGAIN else { return }
                var wait = pollfd(fd: raw, events: Int16(POLLOUT), revents: 0)
                unsafe poll(&wait, 1, 1000)
            }
        }
    }

    func setNonBlocking() {
        _ = fcntl(raw, F_SETFL, O_NONBLOCK)
    }

    func close() {
        if isOpen { Glibc.close(raw) }
        isOpen = false
    }

    deinit {
        close()
    }
}
