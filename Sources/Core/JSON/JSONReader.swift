/// Reads one document: the grammar of RFC 8259 as a state machine, which says what may come next and how deep we are.
///
/// Nothing here recurses; the containers that are open take one byte each, and never more than the depth limit.
struct JSONReader {
    /// What the grammar expects next.
    private enum Expectation {
        case value
        case valueOrEndOfArray
        case name
        case nameOrEndOfObject
        case commaOrEnd
    }

    private var scanner: JSONScanner
    private var builder: JSONBuilder
    private let maximumDepth: Int
    private let keepsValues: Bool
    /// For each open container around the innermost one, whether it is an object.
    private var enclosing: [Bool] = []
    private var isInObject = false
    private var depth = 0
    private var expectation = Expectation.value

    private init(maximumDepth: Int, keepsValues: Bool, end: Int) {
        scanner = JSONScanner(keepsValues: keepsValues)
        builder = JSONBuilder(end: end)
        self.maximumDepth = maximumDepth
        self.keepsValues = keepsValues
    }

    /// Reads a document.
    ///
    /// - Parameters:
    ///   - bytes: All of it.
    ///   - maximumDepth: Containers within each other; the outermost is the first.
    ///   - keepsValues: False to check only; the result then means nothing.
    ///   - allowsByteOrderMark: Whether one at the beginning is skipped (RFC 8259 §8.1).
    /// - Returns: The value.
    /// - Throws: ``JSONError``.
    static func read(
        _ bytes: Span<UInt8>, maximumDepth: Int, keepsValues: Bool, allowsByteOrderMark: Bool
    ) throws(JSONError) -> JSON {
        var reader = JSONReader(maximumDepth: maximumDepth, keepsValues: keepsValues, end: bytes.count)
        if allowsByteOrderMark { reader.scanner.skipByteOrderMark(bytes) }
        return try reader.document(bytes)
    }

    private mutating func document(_ bytes: Span<UInt8>) throws(JSONError) -> JSON {
        while true {
            scanner.skipWhitespace(bytes)
            guard let byte = scanner.next(bytes) else {
                guard expectation == .commaOrEnd, depth == 0 else {
                    throw JSONError("unexpected end", at: scanner.position)
                }
                return builder.result
            }
            switch expectation {
            case .value: try value(byte, bytes)
            case .valueOrEndOfArray:
                if byte == UInt8(ascii: "]") { close() } else { try value(byte, bytes) }
            case .name: try name(byte, bytes)
            case .nameOrEndOfObject:
                if byte == UInt8(ascii: "}") { close() } else { try name(byte, bytes) }
            case .commaOrEnd: try separator(byte)
            }
        }
    }

    private mutating func value(_ byte: UInt8, _ bytes: Span<UInt8>) throws(JSONError) {
        let value: JSON
        switch byte {
        case UInt8(ascii: "\""): value = try scanner.stringValue(bytes)
        case UInt8(ascii: "["): return try open(isObject: false)
        case UInt8(ascii: "{"): return try open(isObject: true)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): value = try scanner.number(bytes)
        case UInt8(ascii: "t"): value = try scanner.word("true", .bool(true), bytes)
        case UInt8(ascii: "f"): value = try scanner.word("false", .bool(false), bytes)
        case UInt8(ascii: "n"): value = try scanner.word("null", .null, bytes)
        default: throw JSONError("expected a value", at: scanner.position)
        }
        expectation = .commaOrEnd
        if keepsValues { builder.place(value, upTo: scanner.position) }
    }

    private mutating func name(_ byte: UInt8, _ bytes: Span<UInt8>) throws(JSONError) {
        guard byte == UInt8(ascii: "\"") else {
            throw JSONError("expected a member name", at: scanner.position)
        }
        let name = try scanner.name(bytes)
        scanner.skipWhitespace(bytes)
        guard scanner.next(bytes) == UInt8(ascii: ":") else {
            throw JSONError("expected ':'", at: scanner.position)
        }
        scanner.advance()
        expectation = .value
        if keepsValues { builder.name = name }
    }

    private mutating func open(isObject: Bool) throws(JSONError) {
        guard depth < maximumDepth else {
            throw JSONError("more than \(maximumDepth) levels deep", at: scanner.position)
        }
        if keepsValues { builder.open(isObject: isObject, at: scanner.position) }
        scanner.advance()
        enclosing.append(isInObject)
        depth += 1
        isInObject = isObject
        expectation = isObject ? .nameOrEndOfObject : .valueOrEndOfArray
    }

    /// Ends the innermost container; only called when there is one.
    private mutating func close() {
        scanner.advance()
        depth -= 1
        isInObject = enclosing.popLast() ?? false
        expectation = .commaOrEnd
        if keepsValues { builder.close(upTo: scanner.position) }
    }

    /// Goes beyond a comma or the end of the container.
    private mutating func separator(_ byte: UInt8) throws(JSONError) {
        guard depth > 0 else { throw JSONError("unexpected text after the value", at: scanner.position) }
        if byte == UInt8(ascii: ",") {
            scanner.advance()
            expectation = isInObject ? .name : .value
        } else if byte == (isInObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
            close()
        } else {
            throw JSONError(isInObject ? "expected ',' or '}'" : "expected ',' or ']'", at: scanner.position)
        }
    }
}
