import RoostCore
import Testing

@testable import RoostHTTP

@Suite struct ResponseEncoderTests {
    private func head(
        _ response: Response, version: HTTPVersion = .http11, isHead: Bool = false, keepsAlive: Bool = true
    ) -> (text: String, encoder: ResponseEncoder) {
        let encoder = ResponseEncoder(response, version: version, isHead: isHead, keepsAlive: keepsAlive)
        return (String(decoding: encoder.head(date: Array("Date: D\r\n".utf8)), as: UTF8.self), encoder)
    }

    private let stream = BodyStream(ChunkSource { _ in nil })

    @Test func `writes a whole body with its length`() {
        let (text, encoder) = head(.text("hello"))
        let lines = "Content-Type: text/plain; charset=utf-8\r\nContent-Length: 5\r\n\r\n"
        #expect(text == "HTTP/1.1 200 OK\r\nDate: D\r\n" + lines)
        #expect(encoder.sendsBody && encoder.keepsAlive)
    }

    @Test func `writes a stream chunked to HTTP/1.1 and until the close to HTTP/1.0`() {
        let response = Response.stream(stream, contentType: "a/b")
        let modern = head(response)
        #expect(modern.text.hasSuffix("Content-Type: a/b\r\nTransfer-Encoding: chunked\r\n\r\n"))
        #expect(modern.encoder.keepsAlive)
        let old = head(response, version: .http10)
        #expect(old.text.hasSuffix("Content-Type: a/b\r\nConnection: close\r\n\r\n"))
        #expect(!old.encoder.keepsAlive)
    }

    @Test func `writes an empty body as length 0`() {
        #expect(head(Response(status: .created)).text.contains("Content-Length: 0\r\n"))
    }

    @Test(arguments: [204, 304]) func `writes neither body nor length where none may be`(_ status: Int) {
        let (text, encoder) = head(Response(status: HTTPStatus(status), body: .bytes([1, 2])))
        #expect(!text.contains("Content-Length"))
        #expect(!encoder.sendsBody)
    }

    @Test func `keeps the length in an answer to HEAD`() {
        let (text, encoder) = head(.text("hello"), isHead: true)
        #expect(text.contains("Content-Length: 5\r\n"))
        #expect(!encoder.sendsBody)
        #expect(head(.stream(stream, contentType: "a/b"), version: .http10, isHead: true).encoder.keepsAlive)
    }

    @Test func `says what becomes of the connection only where it is not the rule`() {
        #expect(!head(.noContent).text.contains("Connection"))
        #expect(head(.noContent, keepsAlive: false).text.contains("Connection: close\r\n"))
        #expect(head(.noContent, version: .http10).text.contains("Connection: keep-alive\r\n"))
        #expect(head(.noContent, version: .http10, keepsAlive: false).text.contains("Connection: close\r\n"))
    }

    @Test func `lets no field of a handler's break the framing`() {
        var response = Response.text("x")
        for name in ["Content-Length", "transfer-encoding", "CONNECTION", "Date", "Keep-Alive", "Upgrade", "Trailer"] {
            response.fields.append(name, "evil")
        }
        for name in ["", "a b", "a:b", "a\r\nb\r\n", "ü"] { response.fields.append(name, "evil") }
        response.fields.append("X-Good", "split\r\nX-Evil: 1")
        let (text, _) = head(response)
        #expect(!text.contains(": evil") || text.contains("ab: evil"))
        #expect(text.split(separator: "\r\n").count == 6)
        #expect(text.contains("X-Good: splitX-Evil: 1\r\n"))
    }

    @Test func `an informational status becomes 500`() {
        let (text, encoder) = head(Response(status: HTTPStatus(101), body: .bytes([1])))
        #expect(text.hasPrefix("HTTP/1.1 500 Internal Server Error\r\n"))
        #expect(encoder.sendsBody)
    }

    @Test func `frames chunks`() {
        let chunk = ResponseEncoder.chunk([UInt8](repeating: 0x61, count: 26))
        #expect(String(decoding: chunk, as: UTF8.self) == "1a\r\n" + String(repeating: "a", count: 26) + "\r\n")
    }

    @Test(arguments: [
        (Int64(784_111_777), "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (1_709_251_199, "Thu, 29 Feb 2024 23:59:59 GMT"),
        (-1, "Wed, 31 Dec 1969 23:59:59 GMT"), (4_102_444_800, "Fri, 01 Jan 2100 00:00:00 GMT"),
    ]) func `writes IMF-fixdate`(_ second: Int64, _ text: String) {
        #expect(DateField.text(of: second) == text)
        #expect(DateField { second }.line() == Array("Date: \(text)\r\n".utf8))
    }
}
