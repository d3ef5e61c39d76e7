internal import RoostCore

/// What commands ask a server: JSON in, JSON out, and the events of a job.
struct RoostClient {
    /// An answer's body at most: a job with all its output.
    private static let maximumBody = 512 << 20

    var http: HTTPClient

    init(address: ServerAddress, key: String?) { http = HTTPClient(address: address, key: key) }

    /// Where it asks.
    var address: ServerAddress { http.address }

    func get(_ path: String, _ query: [(String, String)] = []) throws -> JSON {
        try ask(HTTPClient.Request(target: Self.target(path, query)))
    }

    func delete(_ path: String, _ query: [(String, String)]) throws -> JSON {
        try ask(HTTPClient.Request(method: "DELETE", target: Self.target(path, query), isUrgent: true))
    }

    func post(_ path: String, _ query: [(String, String)] = [], _ body: JSON) throws -> JSON {
        try ask(HTTPClient.Request(method: "POST", target: Self.target(path, query), body: body.serialized()))
    }

    /// Follows server-sent events until `take` says false or the server ends them.
    func events(
        _ path: String, _ query: [(String, String)], after lastEventID: String?,
        take: (ServerSentEvent) throws -> Bool
    ) throws {
        var request = HTTPClient.Request(target: Self.target(path, query))
        request.fields = [("Accept", "text/event-stream")]
        if let lastEventID { request.fields.append(("Last-Event-ID", lastEventID)) }
        var parser = EventStreamParser()
        var refusal: [UInt8] = []
        var status = 200
        try http.exchange(request) { head, bytes in
            status = head.status
            guard status == 200 else {
                refusal += bytes
                return refusal.count < 1 << 20
            }
            for event in try parser.take(bytes) {
                if try !take(event) { return false }
            }
            return true
        }
        if status >= 300 { throw failure(status, refusal) }
    }

    private func ask(_ request: HTTPClient.Request) throws -> JSON {
        var body: [UInt8] = []
        var status = 0
        try http.exchange(request) { head, bytes in
            status = head.status
            body += bytes
            guard body.count <= Self.maximumBody else { throw AnswerError.bodyTooLarge }
            return true
        }
        guard (200..<300).contains(status) else { throw failure(status, body) }
        guard let json = try? JSONParser.parse(body, maximumDepth: 1000) else {
            throw ClientError.noRoost(address: address.description, reason: "its answer is no JSON")
        }
        return json
    }

    private func failure(_ status: Int, _ body: [UInt8]) -> ClientError {
        guard let error = (try? JSONParser.parse(body))?["error"], let code = error["code"]?.string else {
            return .noRoost(address: address.description, reason: "it answers with status \(status)")
        }
        return .refused(.init(status: status, code: code, message: error["message"]?.string ?? code))
    }

    private static func target(_ path: String, _ query: [(String, String)]) -> String {
        guard !query.isEmpty else { return "/api/v1" + path }
        let items = query.map { "\(escaped($0.0))=\(escaped($0.1))" }
        return "/api/v1\(path)?" + items.joined(separator: "&")
    }

    /// All but the unreserved characters (RFC 3986 §2.3) as `%XX`.
    private static func escaped(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        return text.utf8.reduce(into: "") { result, byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default: result += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
    }
}
