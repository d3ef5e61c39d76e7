package import RoostCore

/// How one response is sent: what delimits its body and whether the connection stays (RFC 9112 §6 and §9).
package struct ResponseEncoder: Sendable {
    /// What delimits the body.
    package enum Framing: Sendable, Equatable {
        /// Neither body nor length: 204 and 304.
        case none
        /// `Content-Length`; in an answer to HEAD that of the body left out.
        case length(Int)
        /// Chunked transfer coding.
        case chunked
        /// The end of the connection: streams to HTTP/1.0.
        case untilClose
    }

    /// The response, with its status made one that ends an exchange.
    package let response: Response
    /// What delimits the body.
    package let framing: Framing
    /// False for HEAD, 204 and 304.
    package let sendsBody: Bool
    /// Whether the connection stays.
    package let keepsAlive: Bool
    private let version: HTTPVersion

    /// Decides how to send `response`.
    ///
    /// - Parameters:
    ///   - response: From the service. An informational status, which would leave the exchange open, becomes 500.
    ///   - version: Of the request.
    ///   - isHead: Whether the request was HEAD.
    ///   - keepsAlive: Whether both sides would like to keep the connection.
    package init(_ response: Response, version: HTTPVersion, isHead: Bool, keepsAlive: Bool) {
        var response = response
        if response.status.code < 200 { response.status = .internalServerError }
        self.response = response
        self.version = version
        let forbidsBody = response.status.forbidsBody
        sendsBody = !isHead && !forbidsBody
        switch response.body {
        case _ where forbidsBody: framing = .none
        case .bytes(let bytes): framing = .length(bytes.count)
        case .stream: framing = version == .http11 ? .chunked : .untilClose
        }
        self.keepsAlive = keepsAlive && !(framing == .untilClose && sendsBody)
    }

    /// Status line and fields, with the empty line that ends them.
    package func head(date: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        let room: Int = if case .bytes(let body) = response.body, sendsBody { body.count } else { 0 }
        bytes.reserveCapacity(256 + response.fields.storage.count + min(room, Self.joinedBody))
        if response.status == .ok {
            bytes.append("HTTP/1.1 200 OK\r\n")
        } else {
            bytes.append("HTTP/1.1 ")
            bytes.append(decimal: response.status.code)
            bytes.append(" ")
            bytes.append(contentsOf: response.status.reasonPhrase.utf8)
            bytes.append("\r\n")
        }
        bytes.append(contentsOf: date)
        appendFields(to: &bytes)
        switch framing {
        case .none, .untilClose: break
        case .length(let count):
            bytes.append("Content-Length: ")
            bytes.append(decimal: count)
            bytes.append("\r\n")
        case .chunked: bytes.append("Transfer-Encoding: chunked\r\n")
        }
        if !keepsAlive {
            bytes.append("Connection: close\r\n")
        } else if version == .http10 {
            bytes.append("Connection: keep-alive\r\n")
        }
        bytes.append("\r\n")
        return bytes
    }

    /// The service's own fields, but for those that are the server's business and those whose name would break
    /// the head. Values are safe already (`HTTPFields.append`).
    private func appendFields(to bytes: inout [UInt8]) {
        let storage = response.fields.storage
        for entry in response.fields.entries {
            let name = entry.nameStart..<entry.nameStart + entry.nameCount
            guard !name.isEmpty, name.allSatisfy({ ByteClass.isToken(storage[$0]) }),
                !Self.isOurs(storage, name)
            else { continue }
            bytes.append(contentsOf: storage[name])
            bytes.append(": ")
            bytes.append(contentsOf: storage[entry.valueStart..<entry.valueStart + entry.valueCount])
            bytes.append("\r\n")
        }
    }

    private static func isOurs(_ storage: [UInt8], _ name: Range<Int>) -> Bool {
        switch name.count {
        case 4: storage.equalsIgnoringCase(name, "date")
        case 7: storage.equalsIgnoringCase(name, "upgrade") || storage.equalsIgnoringCase(name, "trailer")
        case 10:
            storage.equalsIgnoringCase(name, "connection") || storage.equalsIgnoringCase(name, "keep-alive")
        case 14: storage.equalsIgnoringCase(name, "content-length")
        case 17: storage.equalsIgnoringCase(name, "transfer-encoding")
        default: false
        }
    }

    // MARK: Pieces

    /// Up to this many bytes a body is copied behind its head, so that both go in one call.
    package static let joinedBody = 16 * 1024
    /// The interim response that asks for a body (RFC 9110 §15.2.1).
    package static let continueHead = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
    /// The chunk that ends a chunked body, without trailers.
    package static let lastChunk = Array("0\r\n\r\n".utf8)

    /// One chunk (RFC 9112 §7.1); `content` is not empty, since that would end the body.
    package static func chunk(_ content: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(content.count + 20)
        bytes.append(contentsOf: String(content.count, radix: 16).utf8)
        bytes.append("\r\n")
        bytes.append(contentsOf: content)
        bytes.append("\r\n")
        return bytes
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ text: StaticString) {
        // A static string's bytes live as long as the program.
        unsafe append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    fileprivate mutating func append(decimal number: Int) { append(contentsOf: String(number).utf8) }
}
