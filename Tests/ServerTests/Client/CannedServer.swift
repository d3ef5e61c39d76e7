import Glibc

/// Listens on a port of its own, takes one connection, and answers with these bytes whatever it is asked.
final class CannedServer: Sendable {
    let port: Int
    private let listener: Int32

    /// - Parameters:
    ///   - answer: What it sends once it has read something.
    ///   - stays: It keeps the connection open after that.
    /// - Throws: When there is no port left.
    init(_ answer: String, stays: Bool = false) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        self.listener = listener
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(listener, $0, length) == 0 && listen(listener, 1) == 0
                    ? getsockname(listener, $0, &length) : -1
            }
        }
        guard code == 0 else { throw CannedServerFailed() }
        port = Int(UInt16(bigEndian: address.sin_port))
        let bytes = Array(answer.utf8)
        // A thread that nobody joins; it ends when the listener is shut down, at the latest.
        var thread = pthread_t()
        let box = unsafe Unmanaged.passRetained(Work(listener: listener, bytes: bytes, stays: stays)).toOpaque()
        unsafe pthread_create(
            &thread, nil,
            { raw in
                // Retained above, released here and nowhere else.
                unsafe Unmanaged<Work>.fromOpaque(raw!).takeRetainedValue().run()
                return nil
            }, box)
        pthread_detach(thread)
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    struct CannedServerFailed: Error {}

    private final class Work: Sendable {
        let listener: Int32
        let bytes: [UInt8]
        let stays: Bool

        init(listener: Int32, bytes: [UInt8], stays: Bool) {
            self.listener = listener
            self.bytes = bytes
            self.stays = stays
        }

        func run() {
            let connection = accept(listener, nil, nil)
            guard connection >= 0 else { return }
            var request = [UInt8](repeating: 0, count: 4096)
            _ = unsafe read(connection, &request, request.count)
            _ = unsafe send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
            // Until the client closes.
            if stays { while unsafe read(connection, &request, request.count) > 0 {} }
            close(connection)
        }
    }
}
