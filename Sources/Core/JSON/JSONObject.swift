/// The members of a JSON object, in order.
public struct JSONObject: Sendable, ExpressibleByDictionaryLiteral {
    /// Name and value of each member. Names may repeat when parsed; the last one counts (RFC 8259 §4).
    public private(set) var members: [(name: String, value: JSON)]

    /// An object of these members.
    public init(members: [(name: String, value: JSON)] = []) { self.members = members }

    /// The members in the order written, repeated names included.
    public init(dictionaryLiteral elements: (String, JSON)...) {
        members = elements.map { (name: $0.0, value: $0.1) }
    }

    /// The last member of that name; setting replaces it, or adds one at the end, and setting nil removes it.
    ///
    /// Names are compared by their bytes: `é` composed and decomposed are two names, as in every other JSON reader.
    public subscript(_ name: String) -> JSON? {
        get { members.last { Self.same($0.name, name) }?.value }
        set {
            guard let newValue else {
                members.removeAll { Self.same($0.name, name) }
                return
            }
            if let index = members.lastIndex(where: { Self.same($0.name, name) }) {
                members[index].value = newValue
            } else {
                members.append((name, newValue))
            }
        }
    }

    private static func same(_ left: String, _ right: String) -> Bool {
        left.utf8.elementsEqual(right.utf8)
    }
}

extension JSONObject: Equatable {
    /// Equal when the members are the same in the same order.
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.members.elementsEqual(right.members) { same($0.name, $1.name) && $0.value == $1.value }
    }
}
