import RoostCore
import Testing

@testable import RoostHTTP

@Suite struct RequestParserTests {
    @Test(arguments: RequestFile.valid + RequestFile.invalid)
    func `reads a request the same however it is cut`(_ name: String) throws {
        let file = try RequestFile(name)
        for (cut, pieces) in file.cuts {
            let run = ParserRun(file.bytes, pieces: pieces)
            #expect(run.lines == file.expected, "\(cut)")
            #expect((run.error == nil) == name.hasPrefix("valid/"))
        }
    }

    @Test func `there are several hundred requests`() {
        #expect(RequestFile.valid.count > 200)
        #expect(RequestFile.invalid.count > 400)
    }

    static func chunked(_ body: String) -> String {
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\(body)"
    }

    @Test func `refuses a chunked body at the chunk that goes beyond the maximum`() {
        let bytes = Array(Self.chunked("5\r\nhello\r\n6\r\nworld!\r\n0\r\n\r\n").utf8)
        for pieces in [[bytes.indices], bytes.indices.map { $0..<$0 + 1 }] {
            #expect(ParserRun(bytes, pieces: pieces, maximumBody: 10).error == .bodyTooLarge)
            #expect(ParserRun(bytes, pieces: pieces, maximumBody: 11).error == nil)
        }
    }

    @Test func `stays linear under byte by byte delivery`() {
        // 60 KiB in one-byte pieces: 1.8 billion steps if each byte searched again, 60 thousand if not.
        let fields = (0..<4).map { "X\($0): " + String(repeating: "a", count: 15_000) + "\r\n" }.joined()
        let bytes = Array("GET / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n".utf8)
        let clock = ContinuousClock()
        let time = clock.measure {
            #expect(ParserRun(bytes, pieces: bytes.indices.map { $0..<$0 + 1 }).ends == 1)
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

    @Test func `reads random bytes the same however they are cut`() {
        let alphabet = Array("GETPOS / HTTP/1.1\r\nHost: a:;,\u{0}\t chunked0123456789abc".utf8)
        var random = SeededGenerator("random bytes")
        for _ in 0..<3000 {
            var bytes = Array(Self.chunked("5\r\nhello\r\n0\r\n\r\n").utf8)
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = alphabet.randomElement(using: &random) ?? 0
            }
            let whole = ParserRun(bytes, pieces: [bytes.indices])
            #expect(ParserRun(bytes, pieces: bytes.indices.map { $0..<$0 + 1 }).lines == whole.lines)
        }
    }
}
