@testable import RoostServer
import Testing

@Suite struct `An answer of a server` {
    /// What comes of an answer that arrives in pieces of this size, and then of the end of the connection.
    private static func read(_ text: String, pieces: Int, ends: Bool = true) throws(AnswerError) -> (AnswerHead?, String) {
        var parser = AnswerParser()
        var body: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            try parser.take(rest.prefix(pieces))
            body += parser.takeBody()
            rest = rest.dropFirst(pieces)
        }
        if ends { try parser.end() }
        #expect(parser.isComplete)
        return (parser.head, String(decoding: body, as: UTF8.self))
    }

    @Test(
        arguments: [
            ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", false),
            ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, "", false),
            ("HTTP/1.1 204 No Content\r\n\r\n", 204, "", false),
            ("HTTP/1.1 404\r\ncontent-length:3\r\n\r\nabcrest", 404, "abc", false),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nA;x=y\r\n, world!!!\r\n0\r\n\r\n", 200,
                "hello, world!!!", false
            ),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nTrailer: x\r\n\r\n", 200, "", false),
            ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, "ok", false),
            ("HTTP/1.0 200 OK\r\n\r\nuntil the end", 200, "until the end", true),
        ], [1, 2, 7, 1000])
    func `is read in pieces of any size`(answer: (text: String, status: Int, body: String, ends: Bool), pieces: Int) throws {
        let (head, body) = try Self.read(answer.text, pieces: pieces, ends: answer.ends)
        #expect(head?.status == answer.status)
        #expect(body == answer.body)
    }

    @Test func `has fields whose names are in lower case`() throws {
        let (head, _) = try Self.read("HTTP/1.1 200 OK\r\nX-A:  b c\r\nContent-Length: 0\r\n\r\n", pieces: 3)
        #expect(head?["x-a"] == "b c")
        #expect(head?["x-b"] == nil)
    }

    @Test(arguments: [
        ("SSH-2.0-OpenSSH_9\r\n", AnswerError.malformedHead), ("HTTP/2 200\r\n\r\n", .malformedHead),
        ("HTTP/1.1 20 OK\r\n\r\n", .malformedHead), ("HTTP/1.1 200 OK\r\nnonsense\r\n\r\n", .malformedHead),
        ("HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello", .malformedHead),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", .unsupportedCoding),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", .malformedChunk),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n", .malformedChunk),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n", .malformedChunk),
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", .cutOff), ("HTTP/1.1 200 OK\r\n", .cutOff), ("", .cutOff),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", .cutOff),
        ("HTTP/1.1 200 OK\r\nX: " + String(repeating: "x", count: 70_000), .headTooLarge),
    ])
    func `is refused when it is none`(text: String, error: AnswerError) {
        for pieces in [1, 1000] {
            #expect(throws: error) { _ = try Self.read(text, pieces: pieces) }
        }
    }
}
