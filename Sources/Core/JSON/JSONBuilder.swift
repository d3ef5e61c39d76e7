/// Puts a value together from what a document holds, in its order.
struct JSONBuilder {
    /// A container whose end has not come yet. One of the two lists is in use.
    private struct Open {
        var elements: [JSON] = []
        var members: [(name: String, value: JSON)] = []
        /// The name whose value comes next.
        var name = ""
        var isObject = false
        /// Where it begins in the document.
        var start = 0
        /// Elements or members of the container that was closed last inside this one: the next has often as many.
        var usual = 0
        /// The same number, for this container itself.
        var expected = 0
    }

    private let end: Int
    private var enclosing: [Open] = []
    /// The innermost container; an array of one element, the document's value, when there is none.
    private var current = Open()

    /// Beyond this many elements, room is made for as many as the document can be expected to have.
    private static let many = 4096

    /// - Parameter end: Where the document ends.
    init(end: Int) { self.end = end }

    /// The document's value, once it was added.
    var result: JSON { current.elements.first ?? .null }

    /// The name of the member whose value comes next.
    var name: String {
        get { current.name }
        set { current.name = newValue }
    }

    /// A container begins at this place of the document.
    mutating func open(isObject: Bool, at position: Int) {
        var inner = Open()
        inner.isObject = isObject
        inner.start = position
        inner.expected = current.usual
        swap(&inner, &current)
        enclosing.append(inner)
    }

    /// The innermost container ends; only called when there is one.
    mutating func close(upTo position: Int) {
        guard var closed = enclosing.popLast() else { return }
        swap(&closed, &current)
        current.usual = closed.isObject ? closed.members.count : closed.elements.count
        let value: JSON =
            closed.isObject
            ? .object(JSONObject(members: Self.fitting(closed.members)))
            : .array(Self.fitting(closed.elements))
        place(value, upTo: position)
    }

    /// Adds a value that ends at this place of the document to the innermost container.
    mutating func place(_ value: consuming JSON, upTo position: Int) {
        if current.isObject {
            if current.members.count == current.members.capacity {
                let room = room(for: current.members.count, position)
                if room > 0 { current.members.reserveCapacity(room) }
            }
            current.members.append((current.name, value))
        } else {
            if current.elements.count == current.elements.capacity {
                let room = room(for: current.elements.count, position)
                if room > 0 { current.elements.reserveCapacity(room) }
            }
            current.elements.append(value)
        }
    }

    /// How much room the full list of the innermost container gets; 0 leaves that to the array, which doubles it.
    ///
    /// Doubling would hold a list of millions three times over while it is moved. What is left of the document tells
    /// how many may come, and room that is never filled is never memory.
    private func room(for count: Int, _ position: Int) -> Int {
        guard count > 0 else { return current.expected }
        guard count >= Self.many else { return 0 }
        let average = max(1, (position - current.start) / count)
        let left = (end - position) / average
        // At least half as much again, so that time stays in proportion; not too much at a time, since what comes
        // may be the end of a list within a list.
        return max(count + count / 2, min(count + left + left / 16, 64 * count))
    }

    /// The list of a container that has ended, without the room that was made for more.
    private static func fitting<Element>(_ list: [Element]) -> [Element] {
        guard list.count >= many, list.capacity > 2 * list.count else { return list }
        var exact: [Element] = []
        exact.reserveCapacity(list.count)
        exact.append(contentsOf: list)
        return exact
    }
}
