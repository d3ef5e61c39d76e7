/// Finds the word that was most likely meant.
enum Suggestion {
    /// The one that is a slip of the fingers away, or has the same beginning; nil when none is like it.
    static func closest(to word: String, among known: [String]) -> String? {
        guard word.utf8.count <= 64 else { return nil }
        let slips = known.map { ($0, editDistance($0, word)) }.filter { $0.1 <= 2 && $0.1 < word.utf8.count }
        let beginnings = known.map { ($0, zip($0, word).prefix { $0 == $1 }.count) }.filter { $0.1 >= 3 }
        return (slips.min { $0.1 < $1.1 } ?? beginnings.max { $0.1 < $1.1 })?.0
    }
}
