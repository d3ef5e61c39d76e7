import CLinux
import Glibc
import RoostEventLoop

@testable import RoostHTTP

func pauseBriefly() { usleep(1000) }

/// A socket that sends what it is told and reads answers, blocking for at most five seconds.
final class BlockingClient {
    struct Reply: Equatable {
        var status: Int
        var head: String
        var body: String

        func field(_ name: String) -> String? {
            for line in head.split(separator: "\r\n").dropFirst() {
                let parts = line.split(separator: ":", maxSplits: 1)
                if parts.count == 2, parts[0].lowercased() == name.lowercased() {
                    return String(parts[1].drop { $0 == " " })
                }
            }
            return nil
        }
    }

    enum Failure: Error, Equatable {
        case timedOut
        case ended(String)
        case failed(Int32)
    }

    private(set) var descriptor: Int32
    private var buffer: [UInt8] = []

    /// A socket that is not connected yet.
    init(family: Int32 = AF_INET) {
        // Other suites start processes meanwhile: one that inherited the socket would keep the connection open.
        descriptor = socket(family, CLINUX_SOCK_STREAM | CLINUX_SOCK_CLOEXEC, 0)
        var limit = timeval(tv_sec: 5, tv_usec: 0)
        _ = unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    convenience init(address: String, port: Int) throws {
        self.init(family: address.contains(":") ? AF_INET6 : AF_INET)
        guard let target = SocketAddress(address, port: port) else { throw Failure.failed(EINVAL) }
        let result = unsafe target.withKernelForm { unsafe Glibc.connect(descriptor, $0, $1) }
        guard result == 0 else { throw Failure.failed(errno) }
    }

    deinit { close() }

    func close() {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
    }

    /// Closes with a reset, as a client that dies does.
    func reset() {
        var value = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &value, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    func makeNonBlocking() { _ = fcntl(descriptor, F_SETFL, O_NONBLOCK) }

    func finishSending() { _ = shutdown(descriptor, CLINUX_SHUT_WR) }

    /// Makes the window small, so that a slow reader is noticed soon.
    func shrinkReceiveBuffer() {
        var size: Int32 = 4096
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
        var start = 0
        while start < bytes.count {
            guard case .bytes(let count) = try NonBlocking.send(descriptor, bytes, from: start) else {
                throw Failure.timedOut
            }
            start += count
        }
    }

    /// Reads once more; false at the end.
    private func fill() throws -> Bool {
        var piece = [UInt8](repeating: 0, count: 64 * 1024)
        let result: Transfer
        do { result = try NonBlocking.read(descriptor, into: &piece) } catch {
            throw Failure.failed(error.code)
        }
        switch result {
        case .bytes(let count): buffer.append(contentsOf: piece[..<count])
        case .wouldBlock: throw Failure.timedOut
        case .end: return false
        }
        return true
    }

    /// Reads up to and with `text`.
    func read(through text: String) throws -> String {
        let mark = Array(text.utf8)
        while true {
            if let range = buffer.firstRange(of: mark) {
                defer { buffer.removeSubrange(..<range.upperBound) }
                return String(decoding: buffer[..<range.upperBound], as: UTF8.self)
            }
            guard try fill() else { throw Failure.ended(String(decoding: buffer, as: UTF8.self)) }
        }
    }

    func read(count: Int) throws -> String {
        while buffer.count < count {
            guard try fill() else { throw Failure.ended(String(decoding: buffer, as: UTF8.self)) }
        }
        defer { buffer.removeSubrange(..<count) }
        return String(decoding: buffer[..<count], as: UTF8.self)
    }

    /// Reads and drops so many bytes, or as many as come until the end.
    func count(upTo limit: Int) throws -> Int {
        var count = buffer.count
        buffer = []
        while count < limit, try fill() {
            count += buffer.count
            buffer = []
        }
        return count
    }

    func readToEnd() throws -> String {
        while try fill() {}
        defer { buffer = [] }
        return String(decoding: buffer, as: UTF8.self)
    }

    /// True when the server has closed in order; a reset throws.
    func isAtEnd() throws -> Bool { try readToEnd().isEmpty }

    func readReply(toHead: Bool = false) throws -> Reply {
        let head = try read(through: "\r\n\r\n")
        var reply = Reply(status: Int(head.split(separator: " ")[1])!, head: head, body: "")
        if toHead || [204, 304].contains(reply.status) || reply.status < 200 { return reply }
        if let length = reply.field("Content-Length") {
            reply.body = try read(count: Int(length)!)
        } else if reply.field("Transfer-Encoding") == "chunked" {
            while true {
                let size = Int(try read(through: "\r\n").dropLast(), radix: 16)!
                reply.body += try read(count: size)
                _ = try read(through: "\r\n")
                if size == 0 { break }
            }
        } else {
            reply.body = try readToEnd()
        }
        return reply
    }

    func get(_ target: String, _ fields: String = "") throws -> Reply {
        try send("GET \(target) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")
        return try readReply()
    }
}
