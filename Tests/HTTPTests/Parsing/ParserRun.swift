import RoostCore

@testable import RoostHTTP

/// What a parser made of some bytes, in a form that can be compared whatever the cuts were.
struct ParserRun {
    /// One line an event: `head`, `authority`, `field`, `framing`, `body`, `end`, `refused`.
    private(set) var lines = ""
    private(set) var error: HTTPParseError?
    /// Requests that were whole.
    private(set) var ends = 0

    /// Feeds `bytes` in the given pieces and collects everything.
    init(_ bytes: [UInt8], pieces: [Range<Int>], limits: HTTPLimits = HTTPLimits(), maximumBody: Int = .max) {
        var parser = RequestParser(limits: limits)
        var body: [UInt8] = []
        do throws(HTTPParseError) {
            for piece in pieces {
                parser.feed(bytes[piece])
                while let event = try parser.next(body: &body) {
                    switch event {
                    case .head(let head, let framing):
                        parser.maximumBody = maximumBody
                        append(head, framing)
                    case .body: break
                    case .end:
                        flush(&body)
                        lines += "end\n"
                        ends += 1
                    }
                }
            }
            flush(&body)
        } catch {
            flush(&body)
            self.error = error
            lines += "refused \(error.status.code) \(error)\n"
        }
    }

    private mutating func append(_ head: RequestHead, _ framing: RequestFraming) {
        let version = head.version == .http10 ? "HTTP/1.0" : "HTTP/1.1"
        lines += EscapedText.encode(Array("head \(head.method) \(head.target) \(version)".utf8)) + "\n"
        if let authority = head.targetAuthority { lines += "authority \(authority)\n" }
        let storage = head.fields.storage
        for entry in head.fields.entries {
            let name = Array(storage[entry.nameStart..<entry.nameStart + entry.nameCount])
            let value = Array(storage[entry.valueStart..<entry.valueStart + entry.valueCount])
            lines += EscapedText.encode(Array("field ".utf8) + name + Array(": ".utf8) + value) + "\n"
        }
        let body =
            switch framing.body {
            case .none: "framing no body"
            case .length(let count): "framing length \(count)"
            case .chunked: "framing chunked"
            }
        lines += body + (framing.keepsAlive ? ", keep-alive" : ", close")
        lines += framing.expectsContinue ? ", expects continue\n" : "\n"
    }

    private mutating func flush(_ body: inout [UInt8]) {
        if !body.isEmpty { lines += "body \(EscapedText.encode(body))\n" }
        body = []
    }
}
