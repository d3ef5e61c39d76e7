@testable import RoostCore
@testable import RoostHTTP

/// A policy with something of every kind to compare with.
private let policy = try? OriginPolicy(
    boundAddresses: ["127.0.0.1", "::1"], allowedHosts: ["a", "tools.example"],
    allowedOrigins: ["https://tools.example:8443"])

/// What a parser made of an input, as bytes that can be compared.
private func transcript(_ bytes: [UInt8], _ pieces: [Range<Int>]) -> [UInt8] {
    var parser = RequestParser()
    var transcript: [UInt8] = []
    var body: [UInt8] = []
    func note(_ text: String) { transcript += text.utf8 + [0x0A] }
    func noteBody() {
        transcript += body + [0x0A]
        body = []
    }
    do throws(HTTPParseError) {
        for piece in pieces {
            parser.feed(bytes[piece])
            while let event = try parser.next(body: &body) {
                switch event {
                case .head(let head, let framing):
                    parser.maximumBody = 100_000
                    check(head, framing)
                    note(
                        "\(head.method) \(head.target) \(head.targetAuthority ?? "-") \(head.version) \(framing)"
                    )
                    for (name, value) in head.fields.all { note("\(name): \(value)") }
                case .body(let count): precondition(count > 0 && count <= body.count)
                case .end:
                    noteBody()
                    note("end")
                }
            }
        }
        noteBody()
    } catch {
        noteBody()
        note("refused \(error) \(error.failure.status)")
        parser.feed(bytes[...])
        let again = (try? parser.next(body: &body)) == nil
        precondition(again, "a parser that refused goes on")
    }
    return transcript
}

/// What must hold of every head that is let through (RFC 9112 §3.2, §6.3).
private func check(_ head: RequestHead, _ framing: RequestFraming) {
    let hosts = head.fields.values(of: "Host").count
    precondition(hosts == 1 || (hosts == 0 && head.version == .http10), "hosts")
    let isChunked = head.fields.contains("Transfer-Encoding")
    precondition(!isChunked || !head.fields.contains("Content-Length"), "length and coding")
    precondition(!isChunked || head.version == .http11, "a coding in HTTP/1.0")
    precondition(isChunked == (framing.body == .chunked), "framing")
    precondition(head.target.utf8.first == 0x2F || head.target == "*", "target")
    _ = policy?.judge(head, serverPort: 80)
    if let query = head.target.firstIndex(of: "?") { _ = try? QueryString.parse(head.target[query...]) }
    for (name, value) in head.fields.all {
        precondition(!name.isEmpty && name.utf8.allSatisfy(ByteClass.isToken), "name")
        precondition(value.utf8.allSatisfy(ByteClass.isFieldContent), "value")
    }
}

/// Whole or in pieces, the parser finds the same.
func checkParser(_ bytes: [UInt8], _ pieces: [Range<Int>]) {
    precondition(
        transcript(bytes, [bytes.indices]) == transcript(bytes, pieces), "the cuts make a difference")
}
