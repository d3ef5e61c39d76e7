/// The way to a value, as a list linked backwards: made for every member that is read, turned into an array only
/// for an error.
final class JSONCodingPath: Sendable {
    private let parent: JSONCodingPath?
    private let key: any CodingKey

    init(_ parent: JSONCodingPath?, _ key: any CodingKey) {
        self.parent = parent
        self.key = key
    }

    /// From the outside in.
    var keys: [any CodingKey] {
        var keys: [any CodingKey] = []
        var next: JSONCodingPath? = self
        while let path = next {
            keys.append(path.key)
            next = path.parent
        }
        return keys.reversed()
    }

    /// `items[2].name`; cut at 200 characters, because names may be the client's own.
    static func text(_ keys: [any CodingKey]) -> String {
        var text = ""
        for key in keys {
            if let index = key.intValue {
                text += "[\(index)]"
            } else {
                text += text.isEmpty ? key.stringValue : "." + key.stringValue
            }
        }
        // Scalars, not characters: one character can be a megabyte of accents.
        return String(text.unicodeScalars.prefix(200))
    }
}
