/// A search for text in the code and the output of jobs (`q`).
///
/// Words, all of which must occur, in any order and in code or output; within quotation marks a phrase, whose words must
/// follow each other. Whole words, whatever their case; punctuation separates words, so `a_b(` is the phrase
/// `"a b"`. There is no further syntax, so no text is malformed; a text without a letter or digit is no search.
public struct JobTextQuery: Sendable, Equatable, ParameterValue, CustomStringConvertible {
    /// Of a longer text nothing is searched: it is refused.
    public static let maximumBytes = 1000

    /// As it was asked for.
    public let description: String
    /// What must occur, each as ``JobText`` writes it: words with a space before, between and after them.
    package let phrases: [[UInt8]]

    /// Reads what somebody typed; nil when there is no letter or digit in it, or more than ``maximumBytes``.
    public init?(text: String) {
        guard text.utf8.count <= Self.maximumBytes else { return nil }
        var phrases: [[UInt8]] = []
        // Odd pieces are within quotation marks; one that is not closed ends with the text.
        for (index, piece) in text.split(separator: "\"", omittingEmptySubsequences: false).enumerated() {
            let words = index % 2 == 1 ? [piece] : piece.split(whereSeparator: \.isWhitespace)
            for word in words {
                var folded: [UInt8] = []
                JobText.append(Array(word.utf8), to: &folded)
                if folded.count > 1, !phrases.contains(folded) { phrases.append(folded) }
            }
        }
        guard !phrases.isEmpty else { return nil }
        description = text
        self.phrases = phrases
    }

    /// A JSON string that ``init(text:)`` takes.
    public init?(json: JSON) {
        guard let text = json.string else { return nil }
        self.init(text: text)
    }

    /// `a text of at most 1000 bytes with a letter or digit in it`.
    public static var typeDescription: String {
        "a text of at most \(maximumBytes) bytes with a letter or digit in it"
    }
    /// `string`.
    public static var schemaType: String { "string" }

    /// Whether all phrases occur, each in one of the texts.
    ///
    /// - Parameter texts: As ``JobText`` writes them.
    /// - Returns: True when they do.
    package func matches(_ texts: [[UInt8]]) -> Bool {
        phrases.allSatisfy { phrase in texts.contains { Self.contains($0, phrase) } }
    }

    private static func contains(_ text: [UInt8], _ phrase: [UInt8]) -> Bool {
        guard text.count >= phrase.count else { return false }
        return (0...text.count - phrase.count).contains { start in
            text[start] == 0x20 && text[start + 1] == phrase[1]
                && text[start..<start + phrase.count].elementsEqual(phrase)
        }
    }
}
