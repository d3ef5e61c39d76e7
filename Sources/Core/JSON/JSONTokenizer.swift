/// The grammar of RFC 8259 as a state machine: what may come next, and how deep we are.
///
/// Nothing here recurses; the containers that are open take one byte each, and never more than the depth limit.
struct JSONTokenizer {
    /// What the grammar expects next.
    private enum Expectation {
        case value
        case valueOrEndOfArray
        case name
        case nameOrEndOfObject
        case commaOrEnd
    }

    private var scanner: JSONScanner
    private let maximumDepth: Int
    /// For each open container, whether it is an object.
    private var openObjects: [Bool] = []
    private var expectation = Expectation.value

    /// Starts at the beginning of a document.
    ///
    /// - Parameters:
    ///   - bytes: The document.
    ///   - maximumDepth: Containers within each other; the outermost is the first.
    ///   - keepsValues: False to check only; values then mean nothing.
    ///   - allowsByteOrderMark: Whether one at the beginning is skipped (RFC 8259 §8.1).
    init(_ bytes: [UInt8], maximumDepth: Int, keepsValues: Bool, allowsByteOrderMark: Bool) {
        scanner = JSONScanner(bytes, keepsValues: keepsValues)
        self.maximumDepth = maximumDepth
        if allowsByteOrderMark { scanner.skipByteOrderMark() }
    }

    /// The next token; nil after the document's one value.
    ///
    /// - Throws: ``JSONError``; the tokenizer must not be used afterwards.
    mutating func next() throws(JSONError) -> JSONToken? {
        while true {
            scanner.skipWhitespace()
            guard let byte = scanner.next else {
                if expectation == .commaOrEnd && openObjects.isEmpty { return nil }
                throw JSONError("unexpected end", at: scanner.position)
            }
            switch expectation {
            case .value:
                return try value(byte)
            case .valueOrEndOfArray:
                return byte == UInt8(ascii: "]") ? close() : try value(byte)
            case .name:
                return try name(byte)
            case .nameOrEndOfObject:
                return byte == UInt8(ascii: "}") ? close() : try name(byte)
            case .commaOrEnd:
                if let end = try separator(byte) { return end }
            }
        }
    }

    private mutating func value(_ byte: UInt8) throws(JSONError) -> JSONToken {
        switch byte {
        case UInt8(ascii: "["): return try open(isObject: false)
        case UInt8(ascii: "{"): return try open(isObject: true)
        default: break
        }
        let value: JSON
        switch byte {
        case UInt8(ascii: "\""): value = try scanner.stringValue()
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): value = try scanner.number()
        case UInt8(ascii: "t"): value = try scanner.word("true", .bool(true))
        case UInt8(ascii: "f"): value = try scanner.word("false", .bool(false))
        case UInt8(ascii: "n"): value = try scanner.word("null", .null)
        default: throw JSONError("expected a value", at: scanner.position)
        }
        expectation = .commaOrEnd
        return .value(value)
    }

    private mutating func name(_ byte: UInt8) throws(JSONError) -> JSONToken {
        guard byte == UInt8(ascii: "\"") else {
            throw JSONError("expected a member name", at: scanner.position)
        }
        let name = try scanner.name()
        scanner.skipWhitespace()
        guard scanner.next == UInt8(ascii: ":") else { throw JSONError("expected ':'", at: scanner.position) }
        scanner.advance()
        expectation = .value
        return .name(name)
    }

    private mutating func open(isObject: Bool) throws(JSONError) -> JSONToken {
        guard openObjects.count < maximumDepth else {
            throw JSONError("more than \(maximumDepth) levels deep", at: scanner.position)
        }
        scanner.advance()
        openObjects.append(isObject)
        expectation = isObject ? .nameOrEndOfObject : .valueOrEndOfArray
        return isObject ? .beginObject : .beginArray
    }

    /// Ends the innermost container; only called when there is one.
    private mutating func close() -> JSONToken {
        scanner.advance()
        expectation = .commaOrEnd
        return openObjects.popLast() == true ? .endObject : .endArray
    }

    /// Goes beyond a comma, or returns the end of the container.
    private mutating func separator(_ byte: UInt8) throws(JSONError) -> JSONToken? {
        switch (openObjects.last, byte) {
        case (nil, _):
            throw JSONError("unexpected text after the value", at: scanner.position)
        case (true?, UInt8(ascii: "}")), (false?, UInt8(ascii: "]")):
            return close()
        case (let isObject?, UInt8(ascii: ",")):
            scanner.advance()
            expectation = isObject ? .name : .value
            return nil
        case (let isObject?, _):
            throw JSONError(isObject ? "expected ',' or '}'" : "expected ',' or ']'", at: scanner.position)
        }
    }
}
