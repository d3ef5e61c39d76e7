import RoostCore

/// Counts the words of a text.
struct WordsHandler: Handler {
    let name = "words"
    let description = "Text statistics"

    static let text = BodyParameter<String>("text", "The text to look at", required: true)
    static let top = QueryParameter<Int>("top", "How many words to return", in: 1...100, default: 10)

    var endpoints: [Endpoint] {
        Endpoint(.post, "/count", "Count words", Self.text, Self.top) { request in
            let text = try request[Self.text]
            var counts: [String: Int] = [:]
            for word in text.lowercased().split(whereSeparator: { !$0.isLetter }) {
                counts[String(word), default: 0] += 1
            }
            let top = try counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(request[Self.top])
            return .json([
                "success": true, "total": .int(counts.values.reduce(0, +)),
                "words": .array(top.map { ["word": .string($0.key), "count": .int($0.value)] }),
            ])
        }
    }
}
