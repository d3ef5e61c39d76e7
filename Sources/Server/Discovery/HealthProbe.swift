internal import CLinux
internal import Glibc
import RoostCore

/// Asks a port on this machine for `/health`, blocking for 2 s at most; for the start of a server only.
enum HealthProbe {
    /// The process id that a Roost server there gives, or nil when none answers.
    static func ask(port: Int) -> Int? {
        let descriptor = socket(AF_INET, CLINUX_SOCK_STREAM | CLINUX_SOCK_CLOEXEC, 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var patience = timeval(tv_sec: 1, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, size)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(truncatingIfNeeded: port).bigEndian)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { return nil }
        let request = Array("GET /api/v1/health HTTP/1.0\r\nHost: 127.0.0.1:\(port)\r\n\r\n".utf8)
        let sent = unsafe request.withUnsafeBytes {
            unsafe send(descriptor, $0.baseAddress, $0.count, CLINUX_MSG_NOSIGNAL)
        }
        guard sent == request.count else { return nil }
        guard let answer = receive(descriptor) else { return nil }
        guard let body = answer.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let document = try? JSONParser.parse(Array(answer[body.upperBound...]))
        return document?["status"] == "healthy" ? document?["pid"]?.int : nil
    }

    private static func receive(_ descriptor: Int32) -> [UInt8]? {
        let deadline = ContinuousClock.now + .seconds(2)
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while answer.count < 65_536, ContinuousClock.now < deadline {
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe recv(descriptor, $0.baseAddress, $0.count, 0)
            }
            if count < 0, errno == EINTR { continue }
            if count < 0 { return nil }
            if count == 0 { return answer }
            answer.append(contentsOf: buffer[..<count])
        }
        return nil
    }
}
