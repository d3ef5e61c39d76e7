internal import Glibc
internal import RoostWebhooks
internal import Synchronization

/// The socket to the server. Reading blocks the calling thread; writing, whoever answers.
final class Channel: Sendable {
    private let descriptor: Int32
    private let writing = Mutex<Void>(())

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// The next request; nil when the server has gone or does not speak our language.
    func next() -> SenderRequest? {
        guard let prefix = read(SenderRequest.prefixBytes),
            let headCount = SenderReply.length(prefix[..<4]),
            let bodyCount = SenderReply.length(prefix[4...]),
            let head = read(headCount), let body = read(bodyCount)
        else { return nil }
        return SenderRequest(head: head, body: body)
    }

    /// Answers; a server that has gone needs none.
    func send(_ reply: SenderReply) {
        let bytes = reply.encoded
        writing.withLock { _ in
            var sent = 0
            while sent < bytes.count {
                // Within the array: `sent` is below its count.
                let count = unsafe bytes.withUnsafeBytes {
                    unsafe Glibc.send(
                        descriptor, $0.baseAddress.map { unsafe $0 + sent }, $0.count - sent,
                        Int32(MSG_NOSIGNAL))
                }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                sent += count
            }
        }
    }

    private func read(_ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            // Within the array: `filled` is below its count.
            let got = unsafe bytes.withUnsafeMutableBytes {
                unsafe Glibc.read(descriptor, $0.baseAddress.map { unsafe $0 + filled }, $0.count - filled)
            }
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { return nil }
            filled += got
        }
        return bytes
    }
}
