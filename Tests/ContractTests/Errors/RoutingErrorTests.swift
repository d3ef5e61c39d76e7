import RoostCore
import Testing

@Suite(.server("--max-body", "2000", "--allow-host", "roost.example", "--allow-origin", "https://tools.example"))
struct `A request that does not fit` {
    @Test(arguments: ["/api/v1/nothing", "/api/v1", "/", "/api/v2/health", "/health", "/api/v1/healthy", "/v1/x"])
    func `any handler is told which there are`(path: String) async throws {
        let answer = try await server.get(path + "?x=1")
        let error = expectFailure(answer, 404, "HANDLER_NOT_FOUND")
        #expect(error["details"]?["path"] == .string(path))
        #expect(error["details"]?["available"] == ["python", "code"])
    }

    @Test(arguments: ["/api/v1/python", "/api/v1/python/nothing", "/api/v1/python/job/1", "/api/v1/python/Execute"])
    func `any endpoint is told which there are`(path: String) async throws {
        let error = expectFailure(try await server.get(path), 404, "HANDLER_NOT_FOUND")
        #expect(error["details"]?["path"] == .string(path))
        #expect(error["details"]?["endpoints"]?.array?.isEmpty == false)
    }

    @Test(arguments: [
        ("GET", "/api/v1/python/execute", ["POST"]), ("POST", "/api/v1/python/jobs", ["GET"]),
        ("PUT", "/api/v1/python/job", ["GET", "DELETE"]), ("DELETE", "/api/v1/health", ["GET"]),
        ("PATCH", "/api/v1/handlers", ["GET"]), ("BREW", "/api/v1/python/execute", ["POST"]),
    ])
    func `the method is told which fit`(method: String, path: String, allowed: [String]) async throws {
        let answer = try await server.request(method, path)
        expectFailure(answer, 405, "METHOD_NOT_ALLOWED")
        let named = try #require(answer[field: "Allow"]).split(separator: ",").map { $0.filter { $0 != " " } }
        for method in allowed { #expect(named.contains(method), "\(named)") }
        #expect(!named.contains(method))
    }

    @Test(arguments: [("/api/v1/python/execute", ["POST"]), ("/api/v1/python/job", ["GET", "DELETE"])])
    func `nothing but asks for options is answered`(path: String, allowed: [String]) async throws {
        let answer = try await server.request("OPTIONS", path)
        #expect(answer.status == 204)
        #expect(answer.body.isEmpty)
        let named = try #require(answer[field: "Allow"]).split(separator: ",").map { $0.filter { $0 != " " } }
        for method in allowed { #expect(named.contains(method)) }
        expectFailure(try await server.request("OPTIONS", "/api/v1/nothing"), 404, "HANDLER_NOT_FOUND")
    }

    @Test(arguments: ["/api/v1/health", "/api/v1/handlers", "/api/v1/python/jobs"])
    func `a body is answered without one for HEAD`(path: String) async throws {
        let head = try await server.request("HEAD", path)
        #expect(head.status == 200)
        let length = try #require(head[field: "Content-Length"].flatMap { Int($0) })
        #expect(length > 0)
        let raw = try await server.connected { connection in
            try connection.send("HEAD \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            _ = try connection.receive(Deadline(in: .seconds(20)), headOnly: true)
            return try connection.isClosed(by: Deadline(in: .seconds(20)))
        }
        #expect(raw, "no byte follows the head")
        #expect(try await server.request("HEAD", "/api/v1/python/execute").status == 405)
        #expect(try await server.request("HEAD", "/api/v1/nothing").status == 404)
    }

    @Test(arguments: [
        "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/json",
        "application/jsonx",
    ])
    func `JSON as media type is refused`(type: String) async throws {
        let answer = try await server.post(
            ServerProcess.execute, text: #"{"code":"1"}"#, fields: [("Content-Type", type)])
        expectFailure(answer, 415, "UNSUPPORTED_MEDIA_TYPE")
    }

    @Test(arguments: [
        [], [("Content-Type", "application/json; charset=utf-8")], [("Content-Type", "Application/JSON")],
        [("content-type", "application/json ;charset=UTF-8")],
    ])
    func `but only in how it names JSON is accepted`(fields: [(String, String)]) async throws {
        expectSuccess(try await server.post(ServerProcess.execute, text: #"{"code":"1"}"#, fields: fields))
    }

    @Test func `the largest body is refused, declared or chunked`() async throws {
        let declared = try await server.execute(String(repeating: "#", count: 2000))
        expectFailure(declared, 413, "PAYLOAD_TOO_LARGE")
        let chunk = "5dc\r\n" + String(repeating: " ", count: 1500) + "\r\n"
        let chunked = try await server.exchange(
            "POST \(ServerProcess.execute) HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n" + chunk + chunk + "0\r\n\r\n")
        expectFailure(chunked.answer, 413, "PAYLOAD_TOO_LARGE")
        let fits = try await server.exchange(
            "POST \(ServerProcess.execute) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"cod\r\n9;x=y\r\ne\":\"1+1\"}\r\n0\r\nTrailer: x\r\n\r\n")
        expectSuccess(fits.answer)
        #expect(fits.answer["result"] == 2)
    }

    @Test func `a body of exactly the limit is accepted`() async throws {
        let body = #"{"code":"1"}"#
        let answer = try await server.post(
            ServerProcess.execute, text: body + String(repeating: " ", count: 2000 - body.utf8.count))
        expectSuccess(answer)
        let over = try await server.post(
            ServerProcess.execute, text: body + String(repeating: " ", count: 2001 - body.utf8.count))
        expectFailure(over, 413, "PAYLOAD_TOO_LARGE")
    }

    @Test(arguments: ["evil.example", "evil.example:8080", "localhost.evil.example", "10.0.0.1", "127.0.0.1.evil.example", "[::2]"])
    func `the host is refused`(host: String) async throws {
        expectFailure(try await server.request("GET", "/api/v1/health", host: host), 403, "FORBIDDEN")
        expectFailure(
            try await server.request("POST", ServerProcess.execute, body: Array(#"{"code":"1"}"#.utf8), host: host),
            403, "FORBIDDEN")
    }

    @Test(arguments: ["localhost", "LocalHost", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:80", "roost.example", "roost.example:99"])
    func `nothing but names a good host is answered`(host: String) async throws {
        #expect(try await server.request("GET", "/api/v1/health", host: host).status == 200)
    }

    @Test func `the host of its target is judged by that`() async throws {
        let evil = try await server.exchange(
            "GET http://evil.example/api/v1/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        expectFailure(evil.answer, 403, "FORBIDDEN")
        let good = try await server.exchange(
            "GET http://localhost/api/v1/health HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
        #expect(good.answer.status == 200)
    }

    @Test(arguments: ["http://evil.example", "null", "https://tools.example.evil", "http://tools.example", "file://"])
    func `the origin is refused`(origin: String) async throws {
        let answer = try await server.post(ServerProcess.execute, ["code": "1"], fields: [("Origin", origin)])
        expectFailure(answer, 403, "FORBIDDEN")
        #expect(answer[field: "Access-Control-Allow-Origin"] == nil)
        expectFailure(
            try await server.request("GET", "/api/v1/health", fields: [("Origin", origin)]), 403, "FORBIDDEN")
    }

    @Test func `nothing but comes from a good origin is answered`() async throws {
        let port = try server.port
        let own = try await server.post(
            ServerProcess.execute, ["code": "1"], fields: [("Origin", "http://localhost:\(port)")])
        expectSuccess(own)
        #expect(own[field: "Access-Control-Allow-Origin"] == nil, "CORS fields only for --allow-origin")
        let allowed = try await server.post(
            ServerProcess.execute, ["code": "1"], fields: [("Origin", "https://tools.example")])
        expectSuccess(allowed)
        #expect(allowed[field: "Access-Control-Allow-Origin"] == "https://tools.example")
        let failed = try await server.post(ServerProcess.execute, [:], fields: [("Origin", "https://tools.example")])
        expectFailure(failed, 400, "MISSING_CODE")
        #expect(failed[field: "Access-Control-Allow-Origin"] == "https://tools.example", "a page can read errors too")
    }

    @Test func `nothing yet but asks first gets a preflight answer`() async throws {
        let preflight = [("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "content-type")]
        let answer = try await server.request(
            "OPTIONS", ServerProcess.execute, fields: [("Origin", "https://tools.example")] + preflight)
        #expect(answer.status == 204)
        #expect(answer[field: "Access-Control-Allow-Origin"] == "https://tools.example")
        #expect(answer[field: "Access-Control-Allow-Methods"]?.contains("POST") == true)
        #expect(answer[field: "Access-Control-Allow-Headers"]?.lowercased().contains("content-type") == true)
        let evil = try await server.request(
            "OPTIONS", ServerProcess.execute, fields: [("Origin", "https://evil.example")] + preflight)
        expectFailure(evil, 403, "FORBIDDEN")
    }

    @Test func `in several ways is told the first one`() async throws {
        let large = Array(String(repeating: "x", count: 3000).utf8)
        let text = [("Content-Type", "text/plain")]
        let (path, jobs) = (ServerProcess.execute, "/api/v1/python/jobs")
        expectFailure(try await server.request("PUT", "/api/v1/no", fields: text, body: large, host: "x.y"), 403, "FORBIDDEN")
        expectFailure(try await server.request("PUT", "/api/v1/no", fields: text, body: large), 404, "HANDLER_NOT_FOUND")
        expectFailure(try await server.request("POST", jobs, fields: text, body: large), 405, "METHOD_NOT_ALLOWED")
        expectFailure(try await server.request("POST", path, fields: text, body: large), 413, "PAYLOAD_TOO_LARGE")
        expectFailure(try await server.request("POST", path, fields: text, body: [0x7b]), 415, "UNSUPPORTED_MEDIA_TYPE")
        expectFailure(try await server.request("POST", path, body: [0x7b]), 400, "INVALID_JSON")
        expectFailure(try await server.request("POST", path + "?dialect=x", body: [0x7b]), 400, "INVALID_JSON")
    }
}
