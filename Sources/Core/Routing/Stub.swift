enum PercentDecoding {
    static func segment(_ text: Substring) throws -> String { String(text) }
}
package enum QueryString {
    package static func parse(_ text: Substring) throws -> [QueryItem] {
        text.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1)
            return QueryItem(name: String(parts[0]), value: parts.count > 1 ? String(parts[1]) : "")
        }
    }
}
