import RoostCore
import Testing

@Suite(.server()) struct `Malformed HTTP` {
    private static let health = "GET /api/v1/health HTTP/1.1\r\n"
    private static let execute = "POST /api/v1/python/execute HTTP/1.1\r\nHost: localhost\r\n"

    @Test(arguments: [
        "GARBAGE\r\n\r\n", "GET  /api/v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n", health + "\r\n",
        health + "Host: localhost\r\nHost: localhost\r\n\r\n", health + "Host: localhost\r\nBad Name: x\r\n\r\n",
        health + "Host: localhost\r\nX : y\r\n\r\n", health + "Host: localhost\r\n folded: y\r\n\r\n",
        health + "Host: localhost\r\nX: a\u{1}b\r\n\r\n", "GET api HTTP/1.1\r\nHost: localhost\r\n\r\n",
        execute + "Content-Length: +5\r\n\r\nhello", execute + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        execute + "Content-Length: -1\r\n\r\n", execute + "Content-Length: 5x\r\n\r\nhello",
        execute + "Content-Length: 99999999999999999999\r\n\r\n",
        execute + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        execute + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", execute + "Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
        execute + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
        "GET /api/v1/%zz HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET /nowhere?q=% HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ])
    func `is refused and the connection closed`(bytes: String) async throws {
        let (answer, closed) = try await server.exchange(bytes)
        // A length no number can hold is as well "too large".
        let status = bytes.contains("99999999999999999999") && answer.status == 413 ? 413 : 400
        expectFailure(answer, status, status == 413 ? "PAYLOAD_TOO_LARGE" : "BAD_REQUEST")
        #expect(closed)
    }

    @Test func `with a target that is too long is refused`() async throws {
        let (answer, closed) = try await server.exchange(
            "GET /" + String(repeating: "a", count: 200_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
        expectFailure(answer, 414, "BAD_REQUEST")
        #expect(closed)
    }

    @Test func `with fields that are too large or too many is refused`() async throws {
        let large = try await server.exchange(
            Self.health + "Host: localhost\r\nX: " + String(repeating: "a", count: 500_000) + "\r\n\r\n")
        expectFailure(large.answer, 431, "BAD_REQUEST")
        #expect(large.closed)
        let many = try await server.exchange(
            Self.health + "Host: localhost\r\n" + String(repeating: "X: a\r\n", count: 20_000) + "\r\n")
        expectFailure(many.answer, 431, "BAD_REQUEST")
        #expect(many.closed)
    }

    @Test(arguments: ["gzip", "gzip, chunked", "foo"])
    func `with a transfer coding we do not have is refused`(coding: String) async throws {
        let (answer, closed) = try await server.exchange(
            Self.execute + "Transfer-Encoding: \(coding)\r\n\r\n0\r\n\r\n")
        expectFailure(answer, 501, "BAD_REQUEST")
        #expect(closed)
    }

    @Test(arguments: ["HTTP/2.0", "HTTP/3.0", "HTTP/0.9"])
    func `of a version we do not have is refused`(version: String) async throws {
        let (answer, closed) = try await server.exchange("GET /api/v1/health \(version)\r\nHost: localhost\r\n\r\n")
        expectFailure(answer, 505, "BAD_REQUEST")
        #expect(closed)
    }

    @Test func `does not disturb what came before it on the connection`() async throws {
        let answers = try await server.connected { connection in
            try connection.send(Self.health + "Host: localhost\r\n\r\n" + Self.health + "\r\n")
            let deadline = Deadline(in: .seconds(20))
            return [try connection.receive(deadline), try connection.receive(deadline)]
        }
        #expect(answers[0].status == 200)
        expectFailure(answers[1], 400, "BAD_REQUEST")
    }
}

@Suite(.server()) struct `Well-formed HTTP` {
    @Test func `keeps its connection and may be pipelined`() async throws {
        let answers = try await server.connected { connection in
            let one = "GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n"
            try connection.send(one + one + one)
            let deadline = Deadline(in: .seconds(20))
            return try (0..<3).map { _ in try connection.receive(deadline) }
        }
        #expect(answers.map(\.status) == [200, 200, 200])
    }

    @Test func `may be HTTP 1.0 without a host`() async throws {
        let (answer, closed) = try await server.exchange("GET /api/v1/health HTTP/1.0\r\n\r\n")
        #expect(answer.status == 200)
        #expect(answer["status"] == "healthy")
        #expect(closed)
    }

    @Test func `is closed when the client asks for it`() async throws {
        let (answer, closed) = try await server.exchange(
            "GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        #expect(answer.status == 200)
        #expect(answer[field: "Connection"]?.lowercased() == "close")
        #expect(closed)
    }

    @Test func `may wait for leave to send its body`() async throws {
        let body = #"{"code":"print('continued')"}"#
        let (interim, answer) = try await server.connected { connection in
            try connection.send(
                "POST /api/v1/python/execute HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
                    + "Content-Type: application/json\r\nConnection: close\r\nContent-Length: \(body.utf8.count)\r\n\r\n")
            let interim = try connection.receiveInterim(Deadline(in: .seconds(20)))
            try connection.send(body)
            return (interim, try connection.receive(Deadline(in: .seconds(20))))
        }
        #expect(interim == 100)
        expectSuccess(answer)
        #expect(answer["output"] == "continued")
    }

    @Test func `may arrive byte by byte`() async throws {
        let body = #"{"code":"1+1"}"#
        let bytes = Array(
            ("POST /api/v1/python/execute HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)").utf8)
        let answer = try await server.connected { connection in
            for byte in bytes { try connection.send([byte]) }
            return try connection.receive(Deadline(in: .seconds(20)))
        }
        expectSuccess(answer)
        #expect(answer["result"] == 2)
    }
}
