/// Puts a value together from tokens in document order.
struct JSONBuilder {
    /// A container whose end has not come yet. One of the two lists is in use.
    private struct Open {
        var elements: [JSON] = []
        var members: [(name: String, value: JSON)] = []
        /// The name whose value comes next.
        var name = ""
        let isObject: Bool

        mutating func add(_ value: JSON) { members.append((name, value)) }
    }

    private var enclosing: [Open] = []
    private var current: Open?
    /// The document's value, once all tokens were added.
    private(set) var result = JSON.null

    /// Takes the next token.
    mutating func add(_ token: JSONToken) {
        switch token {
        case .beginArray: open(isObject: false)
        case .beginObject: open(isObject: true)
        case .endArray, .endObject: close()
        case .name(let name): current?.name = name
        case .value(let value): place(value)
        }
    }

    private mutating func open(isObject: Bool) {
        if let current { enclosing.append(current) }
        current = Open(isObject: isObject)
    }

    private mutating func close() {
        guard let closed = current else { return }
        current = enclosing.popLast()
        place(closed.isObject ? .object(JSONObject(members: closed.members)) : .array(closed.elements))
    }

    private mutating func place(_ value: JSON) {
        switch current?.isObject {
        case true?: current?.add(value)
        case false?: current?.elements.append(value)
        case nil: result = value
        }
    }
}
