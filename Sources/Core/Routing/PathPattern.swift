/// A path as an endpoint declares it: `/note/{id}` is the literal `note` and then one segment of any text.
struct PathPattern: Sendable, Equatable {
    /// One part between slashes.
    enum Segment: Sendable, Equatable {
        /// Matches this text, after percent-decoding.
        case literal(String)
        /// Matches any one segment that is not empty, under this name.
        case parameter(String)
    }

    let segments: [Segment]
    /// The text it was made from.
    let text: String

    /// Nil when it does not begin with `/`, has an empty or dot segment, a name used twice, or characters beyond
    /// `A-Z a-z 0-9 - . _ ~`.
    init?(_ text: String) {
        self.text = text
        guard text.utf8.first == 0x2F else { return nil }
        var segments: [Segment] = []
        var names: Set<String> = []
        if text != "/" {
            for part in text.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
                if part.hasPrefix("{"), part.hasSuffix("}"), part.utf8.count > 2 {
                    let name = String(part.dropFirst().dropLast())
                    guard Self.isPlain(name), names.insert(name).inserted else { return nil }
                    segments.append(.parameter(name))
                } else {
                    guard !part.isEmpty, part != ".", part != "..", Self.isPlain(String(part)) else {
                        return nil
                    }
                    segments.append(.literal(String(part)))
                }
            }
        }
        self.segments = segments
    }

    /// The names of its parameters, in order.
    var parameterNames: [String] {
        segments.compactMap { if case .parameter(let name) = $0 { name } else { nil } }
    }

    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
            default: false
            }
        }
    }
}
