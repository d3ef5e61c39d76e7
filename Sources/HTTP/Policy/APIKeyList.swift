internal import RoostCore

/// The API keys of a server as digests, with the names of those who have them.
public struct APIKeyList: Sendable {
    /// A list that cannot be understood; never holds a part of a key.
    public struct FormError: Error, Sendable, Equatable, CustomStringConvertible {
        /// One line for the operator.
        public let description: String
    }

    struct Entry: Sendable {
        let digest: [UInt8]
        let name: String
    }

    private(set) var entries: [Entry] = []
    /// How many keys there are.
    public var count: Int { entries.count }
    /// The clients' names, each once.
    public var names: Set<String> { Set(entries.map(\.name)) }

    /// Bytes of a key at most; what is longer is none.
    static let maximumKeyBytes = 512
    private static let maximumKeys = 10_000

    /// Reads one key a line: `key` or `name:key`. Empty lines and those that begin with `#` are left out, spaces
    /// around a key too. A key is visible ASCII without spaces; a name 1 to 64 of `A-Z a-z 0-9 . _ -`. Several keys
    /// may have one name. One without a name is called `key-1`, `key-2`, … by its place in the list.
    ///
    /// - Throws: ``FormError`` with the number of the first line that is none of these.
    public init(text: String, firstNumber: Int = 1) throws(FormError) {
        var lineNumber = 0
        for line in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false) {
            lineNumber += 1
            let bytes = Self.trimmed(Array(line)[...])
            guard let first = bytes.first, first != UInt8(ascii: "#") else { continue }
            let parts = bytes.split(
                separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
            let key = parts.last ?? []
            guard !key.isEmpty, key.count <= Self.maximumKeyBytes,
                key.allSatisfy({ (0x21...0x7E).contains($0) })
            else {
                throw FormError(
                    description:
                        "line \(lineNumber): a key is 1 to \(Self.maximumKeyBytes) visible ASCII characters")
            }
            let number = firstNumber + entries.count
            let name = parts.count == 2 ? String(decoding: parts[0], as: UTF8.self) : "key-\(number)"
            guard Self.isName(name) else {
                throw FormError(
                    description: "line \(lineNumber): a name is 1 to 64 of A-Z, a-z, 0-9, '.', '_' and '-'")
            }
            let digest = SHA256.digest(key)
            if let same = entries.first(where: { $0.digest == digest }), same.name != name {
                throw FormError(description: "line \(lineNumber): this key already has another name")
            }
            guard entries.count < Self.maximumKeys else {
                throw FormError(description: "line \(lineNumber): more than \(Self.maximumKeys) keys")
            }
            entries.append(Entry(digest: digest, name: name))
        }
    }

    /// The keys of both lists.
    public func joined(with other: APIKeyList) -> APIKeyList {
        var all = self
        all.entries += other.entries
        return all
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0D }
        let start = bytes.drop(while: isBlank)
        guard let end = start.lastIndex(where: { !isBlank($0) }) else { return [] }
        return start[...end]
    }

    private static func isName(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
                default: false
                }
            }
    }
}
