/// The field lines of a message in the order sent (RFC 9110 §5), kept as one run of bytes and a table of ranges,
/// so that a parsed head costs two allocations and becomes `String` only where somebody asks.
///
/// Names compare without regard to ASCII case. Values are field content without surrounding white space.
public struct HTTPFields: Sendable {
    /// Where one line's name and value stand in `storage`.
    package struct Entry: Sendable {
        package var nameStart: Int
        package var nameCount: Int
        package var valueStart: Int
        package var valueCount: Int

        package init(nameStart: Int, nameCount: Int, valueStart: Int, valueCount: Int) {
            self.nameStart = nameStart
            self.nameCount = nameCount
            self.valueStart = valueStart
            self.valueCount = valueCount
        }
    }

    package private(set) var storage: [UInt8]
    package private(set) var entries: [Entry]

    /// No fields.
    public init() {
        storage = []
        entries = []
    }

    /// Adopts a parsed head without copying; every entry must lie inside `storage`, as the parser guarantees.
    package init(storage: [UInt8], entries: [Entry]) {
        self.storage = storage
        self.entries = entries
    }

    /// How many field lines there are.
    public var count: Int { entries.count }

    /// Adds a line at the end.
    ///
    /// Bytes that could break the framing (CR, LF, NUL) are dropped from both, whatever a handler puts there
    /// (RFC 9110 §5.5).
    public mutating func append(_ name: String, _ value: String) {
        let nameStart = storage.count
        appendSafe(name)
        let valueStart = storage.count
        appendSafe(value)
        entries.append(
            Entry(
                nameStart: nameStart, nameCount: valueStart - nameStart,
                valueStart: valueStart, valueCount: storage.count - valueStart))
    }

    /// Adds all lines of another head or answer at the end.
    public mutating func append(contentsOf other: HTTPFields) {
        for field in other.all { append(field.name, field.value) }
    }

    private mutating func appendSafe(_ text: String) {
        if text.utf8.allSatisfy(Self.isSafe) {
            storage.append(contentsOf: text.utf8)
        } else {
            storage.append(contentsOf: text.utf8.filter(Self.isSafe))
        }
    }

    /// Removes every line of that name, then adds this one.
    public mutating func set(_ name: String, _ value: String) {
        remove(name)
        append(name, value)
    }

    /// Removes every line of that name.
    public mutating func remove(_ name: String) {
        entries = entries.filter { !matches($0, name) }
    }

    /// True when there is at least one line of that name.
    public func contains(_ name: String) -> Bool {
        entries.contains { matches($0, name) }
    }

    /// The first value of that name, or nil. Bytes that are no UTF-8 read as U+FFFD.
    public subscript(_ name: String) -> String? {
        for entry in entries where matches(entry, name) { return value(of: entry) }
        return nil
    }

    /// All values of that name in order.
    public func values(of name: String) -> [String] {
        entries.filter { matches($0, name) }.map(value(of:))
    }

    /// Every line as text, in order.
    public var all: [(name: String, value: String)] {
        entries.map {
            (
                String(decoding: storage[$0.nameStart..<$0.nameStart + $0.nameCount], as: UTF8.self),
                value(of: $0)
            )
        }
    }

    private func value(of entry: Entry) -> String {
        String(decoding: storage[entry.valueStart..<entry.valueStart + entry.valueCount], as: UTF8.self)
    }

    private func matches(_ entry: Entry, _ name: String) -> Bool {
        guard entry.nameCount == name.utf8.count else { return false }
        var index = entry.nameStart
        for byte in name.utf8 {
            if Self.lowercased(storage[index]) != Self.lowercased(byte) { return false }
            index += 1
        }
        return true
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
    }

    private static func isSafe(_ byte: UInt8) -> Bool { byte != 0x0D && byte != 0x0A && byte != 0 }
}
