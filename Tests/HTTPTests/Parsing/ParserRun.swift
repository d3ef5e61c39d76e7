import RoostCore

@testable import RoostHTTP

/// What a parser made of some bytes, in a form that can be compared whatever the cuts were.
struct ParserRun: Equatable, CustomStringConvertible {
    var messages: [String] = []
    var error: HTTPParseError?

    /// Feeds `bytes` in the given pieces and collects everything.
    init(_ bytes: [UInt8], pieces: [Range<Int>], limits: HTTPLimits = HTTPLimits(), maximumBody: Int = .max) {
        var parser = RequestParser(limits: limits)
        var body: [UInt8] = []
        var current = ""
        do throws(HTTPParseError) {
            for piece in pieces {
                parser.feed(bytes[piece])
                while let event = try parser.next(body: &body) {
                    switch event {
                    case .head(let head, let framing):
                        parser.maximumBody = maximumBody
                        let fields = head.fields.all.map { "\($0.name)=\($0.value)" }.joined(separator: "|")
                        current =
                            "\(head.method) \(head.target) \(head.targetAuthority ?? "-") \(head.version)"
                        current += " [\(fields)] \(framing.body)"
                        current += framing.keepsAlive ? " keep" : " close"
                        current += framing.expectsContinue ? " expect" : ""
                    case .body: break
                    case .end:
                        messages.append(current + " {\(String(decoding: body, as: UTF8.self))}")
                        current = ""
                        body = []
                    }
                }
            }
        } catch { self.error = error }
        if !current.isEmpty { messages.append(current + " …{\(String(decoding: body, as: UTF8.self))}") }
    }

    /// Whole, byte by byte, and at random cuts; all three must agree.
    static func all(
        _ text: String, limits: HTTPLimits = HTTPLimits(), maximumBody: Int = .max
    ) -> (whole: ParserRun, others: [ParserRun]) {
        let bytes = Array(text.utf8)
        let run = { ParserRun(bytes, pieces: $0, limits: limits, maximumBody: maximumBody) }
        var others = [run(bytes.indices.map { $0..<$0 + 1 })]
        for _ in 0..<20 {
            let cuts = ([0, bytes.count] + (0..<5).map { _ in Int.random(in: 0...bytes.count) }).sorted()
            others.append(run(zip(cuts, cuts.dropFirst()).map { $0..<$1 }))
        }
        return (run([0..<bytes.count]), others)
    }

    var description: String { messages.joined(separator: "\n") + (error.map { "\n! \($0)" } ?? "") }
}
