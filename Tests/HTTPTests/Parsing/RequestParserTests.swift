import RoostCore
import Testing

@testable import RoostHTTP

@Suite struct RequestParserTests {
    static let valid: [(String, [String])] = [
        (
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
            ["GET / - http11 [Host=a] none keep {}"]
        ),
        (
            "GET /a%20b?c=d&e=| HTTP/1.1\r\nhOST:\t localhost:8080 \t\r\nX:\r\n\r\n",
            ["GET /a%20b?c=d&e=| - http11 [hOST=localhost:8080|X=] none keep {}"]
        ),
        ("GET / HTTP/1.0\r\n\r\n", ["GET / - http10 [] none close {}"]),
        (
            "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n",
            ["GET / - http10 [Connection=Keep-Alive] none keep {}"]
        ),
        (
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: foo ,, Close\r\n\r\n",
            ["GET / - http11 [Host=a|Connection=foo ,, Close] none close {}"]
        ),
        (
            "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
            ["POST /x - http11 [Host=a|Content-Length=5] length(5) keep {hello}"]
        ),
        (
            "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3, 3\r\nContent-Length: 3\r\n\r\nabc",
            ["POST /x - http11 [Host=a|Content-Length=3, 3|Content-Length=3] length(3) keep {abc}"]
        ),
        (
            "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 000\r\n\r\n",
            ["POST /x - http11 [Host=a|Content-Length=000] none keep {}"]
        ),
        (
            "PUT /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: ChunkeD\r\n\r\n"
                + "5\r\nhello\r\n0a;n=v;q=\"x\"\r\n0123456789\r\n1 ; x\r\n!\r\n00\r\nTrailer: x\r\nB: y\r\n\r\n",
            ["PUT /x - http11 [Host=a|Transfer-Encoding=ChunkeD] chunked keep {hello0123456789!}"]
        ),
        (
            "PUT /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: ,chunked,\r\n\r\n0\r\n\r\n",
            ["PUT /x - http11 [Host=a|Transfer-Encoding=,chunked,] chunked keep {}"]
        ),
        (
            "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\nx",
            ["POST / - http11 [Host=a|Expect=100-Continue|Content-Length=1] length(1) keep expect {x}"]
        ),
        (
            "POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx",
            ["POST / - http10 [Expect=100-continue|Content-Length=1] length(1) close {x}"]
        ),
        (
            "GET http://Example.com:80/p?q HTTP/1.1\r\nHost: other\r\n\r\n",
            ["GET /p?q Example.com:80 http11 [Host=other] none keep {}"]
        ),
        (
            "GET HTTP://a HTTP/1.1\r\nHost: a\r\n\r\n", ["GET / a http11 [Host=a] none keep {}"]
        ),
        (
            "GET http://[::1]:8080?q HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n",
            ["GET /?q [::1]:8080 http11 [Host=[::1]:8080] none keep {}"]
        ),
        ("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", ["OPTIONS * - http11 [Host=a] none keep {}"]),
        ("OPTIONS http://a HTTP/1.1\r\nHost: a\r\n\r\n", ["OPTIONS * a http11 [Host=a] none keep {}"]),
        ("M-SEARCH / HTTP/1.1\r\nHost: a\r\n\r\n", ["M-SEARCH / - http11 [Host=a] none keep {}"]),
        ("get / HTTP/1.1\r\nHost: a\r\n\r\n", ["get / - http11 [Host=a] none keep {}"]),
        (
            "\r\n\r\nGET /1 HTTP/1.1\r\nHost: a\r\n\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\n"
                + "Content-Length: 2\r\n\r\nabGET /3 HTTP/1.1\r\nHost: a\r\n\r\n",
            [
                "GET /1 - http11 [Host=a] none keep {}",
                "POST /2 - http11 [Host=a|Content-Length=2] length(2) keep {ab}",
                "GET /3 - http11 [Host=a] none keep {}",
            ]
        ),
        (
            "GET / HTTP/1.1\r\nHost: a\r\nX: grün \"q\" :\r\n\r\n",
            ["GET / - http11 [Host=a|X=grün \"q\" :] none keep {}"]
        ),
        (
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab",
            ["POST / - http11 [Host=a|Content-Length=4] length(4) keep …{ab}"]
        ),
    ]

    @Test(arguments: valid) func `reads a valid request the same however it is cut`(
        _ raw: String, _ expected: [String]
    ) {
        let (whole, others) = ParserRun.all(raw)
        #expect(whole.messages == expected)
        #expect(whole.error == nil)
        for other in others { #expect(other == whole) }
    }

    static func request(_ fields: String, body: String = "") -> String {
        "POST / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n\(body)"
    }

    static func chunked(_ body: String) -> String { request("Transfer-Encoding: chunked", body: body) }

    static let invalid: [(String, HTTPParseError)] = [
        ("\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}", .notHTTP),
        (" GET / HTTP/1.1\r\n\r\n", .notHTTP),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .unsupportedVersion),
        ("GET / HTTP/2.0\r\n\r\n", .unsupportedVersion),
        ("GET / HTTP/1.2\r\n\r\n", .unsupportedVersion),
        ("GET / HTTP/0.9\r\n\r\n", .unsupportedVersion),
        ("GET / http/1.1\r\n\r\n", .malformedVersion),
        ("GET / HTTP/1.1 \r\n\r\n", .malformedVersion),
        ("GET / HTTP/11\r\n\r\n", .malformedVersion),
        ("GET / HTTP/1.10\r\n\r\n", .malformedVersion),
        ("GET / HTTP/+1.1\r\n\r\n", .malformedVersion),
        ("GET /\r\n\r\n", .malformedRequestLine),
        ("GET  / HTTP/1.1\r\n\r\n", .malformedRequestLine),
        ("GET\t/ HTTP/1.1\r\n\r\n", .malformedRequestLine),
        ("GET /a b HTTP/1.1\r\n\r\n", .malformedVersion),
        ("GE(T / HTTP/1.1\r\n\r\n", .malformedRequestLine),
        ("GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
        ("GET /é HTTP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
        ("GET /\u{0} HTTP/1.1\r\nHost: a\r\n\r\n", .controlCharacter),
        ("GET /\rX HTTP/1.1\r\nHost: a\r\n\r\n", .controlCharacter),
        ("GET / HTTP/1.\r1\r\nHost: a\r\n\r\n", .controlCharacter),
        ("\rGET / HTTP/1.1\r\n\r\n", .controlCharacter),
        ("GET / HTTP/1.1\nHost: a\n\n", .bareLineFeed),
        ("\nGET / HTTP/1.1\r\n\r\n", .bareLineFeed),
        ("GET / HTTP/1.1\r\nHost: a\n\r\n", .bareLineFeed),
        ("\r\n\r\n\r\n\r\n\r\nGET / HTTP/1.1\r\n\r\n", .tooManyEmptyLines),
        ("GET a HTTP/1.1\r\nHost: a\r\n\r\n", .malformedTarget),
        ("GET * HTTP/1.1\r\nHost: a\r\n\r\n", .malformedTarget),
        ("GET a:80 HTTP/1.1\r\nHost: a\r\n\r\n", .malformedTarget),
        ("GET https://a/ HTTP/1.1\r\nHost: a\r\n\r\n", .malformedTarget),
        ("GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n", .malformedTarget),
        ("GET http://u@a/x HTTP/1.1\r\nHost: a\r\n\r\n", .malformedTarget),
        ("CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", .connectNotSupported),
        ("GET / HTTP/1.1\r\n\r\n", .missingHost),
        ("GET http://a/ HTTP/1.1\r\n\r\n", .missingHost),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", .repeatedHost),
        ("GET / HTTP/1.1\r\nHost:\r\n\r\n", .malformedHost),
        ("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", .malformedHost),
        ("GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", .malformedHost),
        ("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", .malformedHost),
        ("GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", .malformedHost),
        ("GET / HTTP/1.1\r\nHost: a:70000\r\n\r\n", .malformedHost),
        ("GET / HTTP/1.1\r\nHost: a:8x\r\n\r\n", .malformedHost),
        ("GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", .malformedHost),
        ("GET / HTTP/1.1\r\nHost: []\r\n\r\n", .malformedHost),
        ("GET / HTTP/1.1\r\nHost: [::1]x\r\n\r\n", .malformedHost),
        (request("X: a\r\n b"), .foldedField),
        ("GET / HTTP/1.1\r\n Host: a\r\n\r\n", .foldedField),
        (request("X : a"), .malformedFieldName),
        (request(": a"), .malformedFieldName),
        (request("X"), .malformedFieldName),
        (request("X\u{0}: a"), .malformedFieldName),
        (request("X: a\u{0}"), .controlCharacter),
        (request("X: a\rb"), .controlCharacter),
        (request("X: a\u{7F}"), .controlCharacter),
        (request("X: a\u{1B}"), .controlCharacter),
        (request("Content-Length: +5"), .malformedContentLength),
        (request("Content-Length: -0"), .malformedContentLength),
        (request("Content-Length: 0x5"), .malformedContentLength),
        (request("Content-Length: 5 5"), .malformedContentLength),
        (request("Content-Length: 5,"), .malformedContentLength),
        (request("Content-Length:"), .malformedContentLength),
        (request("Content-Length: 9223372036854775808"), .malformedContentLength),
        (request("Content-Length: 18446744073709551621"), .malformedContentLength),
        (request("Content-Length: 5, 6"), .conflictingContentLength),
        (request("Content-Length: 5\r\nContent-Length: 6"), .conflictingContentLength),
        (request("Content-Length: 5\r\nTransfer-Encoding: chunked"), .lengthAndTransferEncoding),
        (request("Transfer-Encoding: chunked\r\nContent-Length: 0"), .lengthAndTransferEncoding),
        ("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", .transferEncodingInHTTP10),
        (request("Transfer-Encoding:"), .malformedTransferEncoding),
        (request("Transfer-Encoding: chunked, chunked"), .malformedTransferEncoding),
        (request("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"), .malformedTransferEncoding),
        (request("Transfer-Encoding: chunked, gzip"), .malformedTransferEncoding),
        (request("Transfer-Encoding: gzip, chunked"), .unsupportedTransferEncoding),
        (request("Transfer-Encoding: gzip"), .unsupportedTransferEncoding),
        (request("Transfer-Encoding: xchunked"), .unsupportedTransferEncoding),
        (request("Transfer-Encoding: \u{B}chunked"), .controlCharacter),
        (request("Expect: 200-ok"), .unsupportedExpectation),
        (chunked("\r\n"), .malformedChunkSize),
        (chunked("g\r\n"), .malformedChunkSize),
        (chunked("+5\r\n"), .malformedChunkSize),
        (chunked("0x5\r\n"), .malformedChunkSize),
        (chunked(" 5\r\n"), .malformedChunkSize),
        (chunked("5 \r\n"), .malformedChunkSize),
        (chunked("5 x\r\n"), .malformedChunkSize),
        (chunked("5;a\u{0}\r\n"), .malformedChunkSize),
        (chunked("5;a\rb\r\n"), .malformedChunkSize),
        (chunked("8000000000000000\r\n"), .malformedChunkSize),
        (chunked("10000000000000005\r\n"), .malformedChunkSize),
        (chunked("5\nhello"), .bareLineFeed),
        (chunked("5\r\nhelloo"), .malformedChunkEnd),
        (chunked("5\r\nhello\n"), .malformedChunkEnd),
        (chunked("5\r\nhello\rx"), .malformedChunkEnd),
        (chunked("5;" + String(repeating: "x", count: 1100) + "\r\n"), .chunkLineTooLong),
        (chunked("0\r\nX\r\n\r\n"), .malformedFieldName),
        (chunked("0\r\n X: a\r\n\r\n"), .foldedField),
        (chunked("0\r\nX: a\u{0}\r\n\r\n"), .controlCharacter),
    ]

    @Test(arguments: invalid) func `refuses an invalid request the same however it is cut`(
        _ raw: String, _ expected: HTTPParseError
    ) {
        let (whole, others) = ParserRun.all(raw)
        #expect(whole.error == expected)
        for other in others { #expect(other == whole) }
    }

    static let limited: [(String, HTTPParseError?)] = [
        ("GET /" + String(repeating: "a", count: 8192 - 14) + " HTTP/1.1\r\nHost: a\r\n\r\n", nil),
        (
            "GET /" + String(repeating: "a", count: 8193 - 14) + " HTTP/1.1\r\nHost: a\r\n\r\n",
            .requestLineTooLong
        ),
        ("GET /" + String(repeating: "a", count: 9000), .requestLineTooLong),
        (request("X: " + String(repeating: "a", count: 16 * 1024 - 3)), nil),
        (request("X: " + String(repeating: "a", count: 16 * 1024 - 2)), .fieldTooLong),
        (request("X: " + String(repeating: "a", count: 17 * 1024)), .fieldTooLong),
        (
            request(
                (0..<5).map { "X\($0): " + String(repeating: "a", count: 15_000) }.joined(separator: "\r\n")),
            .fieldsTooLong
        ),
        (request((0..<99).map { "X\($0): a" }.joined(separator: "\r\n")), nil),
        (request((0..<100).map { "X\($0): a" }.joined(separator: "\r\n")), .tooManyFields),
        (chunked("0\r\n" + String(repeating: "X: a\r\n", count: 100) + "\r\n"), nil),
        (chunked("0\r\n" + String(repeating: "X: a\r\n", count: 101) + "\r\n"), .trailersTooLong),
        (chunked("0\r\nX: " + String(repeating: "a", count: 17_000)), .trailersTooLong),
        (
            chunked(String(repeating: "1;" + String(repeating: "x", count: 900) + "\r\na\r\n", count: 30)),
            .chunkOverhead
        ),
        (chunked(String(repeating: "1\r\na\r\n", count: 5000) + "0\r\n\r\n"), nil),
    ]

    @Test(arguments: limited) func `holds each limit exactly`(_ raw: String, _ expected: HTTPParseError?) {
        let (whole, others) = ParserRun.all(raw)
        #expect(whole.error == expected)
        for other in others { #expect(other == whole) }
    }

    @Test func `refuses a chunked body at the chunk that goes beyond the maximum`() {
        let raw = Self.chunked("5\r\nhello\r\n6\r\nworld!\r\n0\r\n\r\n")
        let (whole, others) = ParserRun.all(raw, maximumBody: 10)
        #expect(whole.error == .bodyTooLarge)
        for other in others { #expect(other == whole) }
        #expect(ParserRun.all(raw, maximumBody: 11).whole.error == nil)
    }

    @Test func `stays linear under byte by byte delivery`() {
        // 60 KiB in one-byte pieces: 1.8 billion steps if each byte searched again, 60 thousand if not.
        let fields = (0..<4).map { "X\($0): " + String(repeating: "a", count: 15_000) }.joined(
            separator: "\r\n")
        let bytes = Array(Self.request(fields).utf8)
        let clock = ContinuousClock()
        let time = clock.measure {
            #expect(ParserRun(bytes, pieces: bytes.indices.map { $0..<$0 + 1 }).messages.count == 1)
        }
        #expect(time < .seconds(2))
    }

    @Test func `gives the same error for ever`() throws {
        var parser = RequestParser()
        var body: [UInt8] = []
        parser.feed(Array("GET\r\n".utf8)[...])
        #expect(throws: HTTPParseError.malformedRequestLine) { _ = try parser.next(body: &body) }
        parser.feed(Array("GET / HTTP/1.0\r\n\r\n".utf8)[...])
        #expect(throws: HTTPParseError.malformedRequestLine) { _ = try parser.next(body: &body) }
    }

    @Test(arguments: HTTPParseError.allCases) func `every refusal has an answer in the envelope`(
        _ error: HTTPParseError
    ) {
        let failure = error.failure
        #expect(failure.status == error.status)
        #expect(failure.code == (error == .bodyTooLarge ? "PAYLOAD_TOO_LARGE" : "BAD_REQUEST"))
        #expect([400, 413, 414, 417, 431, 501, 505].contains(failure.status.code))
        #expect(!failure.message.isEmpty)
    }

    @Test func `survives random bytes`() {
        let alphabet = Array("GETPOS / HTTP/1.1\r\nHost: a:;,\u{0}\t chunked0123456789abc".utf8)
        for _ in 0..<3000 {
            var bytes = Array(Self.chunked("5\r\nhello\r\n0\r\n\r\n").utf8)
            for _ in 0..<Int.random(in: 1...6) {
                bytes[Int.random(in: 0..<bytes.count)] = alphabet.randomElement() ?? 0
            }
            let whole = ParserRun(bytes, pieces: [0..<bytes.count])
            #expect(ParserRun(bytes, pieces: bytes.indices.map { $0..<$0 + 1 }) == whole)
        }
    }
}
