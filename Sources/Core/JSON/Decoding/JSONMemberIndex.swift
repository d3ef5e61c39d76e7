/// The members of an object by name, so that reading all of them takes time in proportion to their number.
struct JSONMemberIndex {
    /// A name compared and hashed by its bytes. `String` would do both by canonical equivalence, which makes one
    /// name of two, and lets a client choose thousands of names with one hash.
    private struct Name: Hashable {
        let text: String

        static func == (left: Name, right: Name) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

        func hash(into hasher: inout Hasher) {
            for byte in text.utf8 { hasher.combine(byte) }
        }
    }

    private let object: JSONObject
    /// Where the last member of each name is; nil for small objects, where looking through all is quicker.
    private let places: [Name: Int]?

    init(_ object: JSONObject) {
        self.object = object
        guard object.members.count > 16 else {
            places = nil
            return
        }
        var places = [Name: Int](minimumCapacity: object.members.count)
        for (index, member) in object.members.enumerated() { places[Name(text: member.name)] = index }
        self.places = places
    }

    /// The last member of that name.
    subscript(_ name: String) -> JSON? {
        guard let places else { return object[name] }
        return places[Name(text: name)].map { object.members[$0].value }
    }

    /// The names in order; repeated ones may come repeatedly.
    var names: [String] { object.members.map(\.name) }
}
