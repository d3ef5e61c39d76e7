internal import RoostCore

/// The three parts of a request line (RFC 9112 §3).
struct RequestLine {
    let method: HTTPMethod
    let target: String
    let authority: String?
    let version: HTTPVersion

    /// Reads `line`, a range of `bytes` without its CRLF.
    init(_ bytes: [UInt8], _ line: Range<Int>) throws(HTTPParseError) {
        var index = line.lowerBound
        while index < line.upperBound, ByteClass.isToken(bytes[index]) { index += 1 }
        let methodRange = line.lowerBound..<index
        guard !methodRange.isEmpty, index < line.upperBound, bytes[index] == 0x20 else {
            throw Self.fault(bytes, index..<line.upperBound)
        }
        index += 1
        let start = index
        while index < line.upperBound, ByteClass.isTarget(bytes[index]) { index += 1 }
        let targetRange = start..<index
        guard !targetRange.isEmpty, index < line.upperBound, bytes[index] == 0x20 else {
            throw Self.fault(bytes, index..<line.upperBound)
        }
        // Here and not where it is decoded: a broken escape is 400 whatever is asked for, and ends the connection.
        guard Self.hasValidEscapes(bytes, targetRange) else { throw .malformedEscape }
        version = try Self.version(bytes, index + 1..<line.upperBound)
        method = Self.method(bytes, methodRange)
        guard method.rawValue != "CONNECT" else { throw .connectNotSupported }
        (target, authority) = try Self.target(bytes, targetRange, method)
    }

    /// Distinguishes what has no place in any line from parts that are missing or in excess.
    private static func fault(_ bytes: [UInt8], _ rest: Range<Int>) -> HTTPParseError {
        rest.contains { !ByteClass.isFieldContent(bytes[$0]) } ? .controlCharacter : .malformedRequestLine
    }

    /// RFC 3986 §2.1: a percent sign is followed by two hexadecimal digits.
    private static func hasValidEscapes(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        var index = range.lowerBound
        while index < range.upperBound {
            if bytes[index] == 0x25 {
                guard range.upperBound - index > 2, ByteClass.hexadecimal(bytes[index + 1]) != nil,
                    ByteClass.hexadecimal(bytes[index + 2]) != nil
                else { return false }
            }
            index += 1
        }
        return true
    }

    private static func version(_ bytes: [UInt8], _ range: Range<Int>) throws(HTTPParseError) -> HTTPVersion {
        let start = range.lowerBound
        let prefix: [UInt8] = [0x48, 0x54, 0x54, 0x50, 0x2F]
        guard range.count == 8, bytes[start..<start + 5].elementsEqual(prefix),
            ByteClass.isDigit(bytes[start + 5]), bytes[start + 6] == 0x2E, ByteClass.isDigit(bytes[start + 7])
        else {
            throw range.contains { !ByteClass.isFieldContent(bytes[$0]) }
                ? .controlCharacter : .malformedVersion
        }
        switch (bytes[start + 5], bytes[start + 7]) {
        case (0x31, 0x31): return .http11
        case (0x31, 0x30): return .http10
        default: throw .unsupportedVersion
        }
    }

    private static func method(_ bytes: [UInt8], _ range: Range<Int>) -> HTTPMethod {
        HTTPMethod(rawValue: bytes.text(range))
    }

    /// RFC 9112 §3.2: origin, absolute and asterisk form. The authority form is CONNECT's alone.
    private static func target(
        _ bytes: [UInt8], _ range: Range<Int>, _ method: HTTPMethod
    ) throws(HTTPParseError) -> (String, String?) {
        if bytes[range.lowerBound] == 0x2F { return (bytes.text(range), nil) }
        if range.count == 1, bytes[range.lowerBound] == 0x2A, method == .options { return ("*", nil) }
        let scheme = 7
        guard range.count > scheme,
            bytes.equalsIgnoringCase(range.lowerBound..<range.lowerBound + scheme, "http://")
        else { throw .malformedTarget }
        let start = range.lowerBound + scheme
        var end = start
        while end < range.upperBound, bytes[end] != 0x2F, bytes[end] != 0x3F { end += 1 }
        guard Authority.isValid(bytes, start..<end) else { throw .malformedTarget }
        let rest = bytes.text(end..<range.upperBound)
        if rest.isEmpty, method == .options { return ("*", bytes.text(start..<end)) }
        return (rest.utf8.first == 0x2F ? rest : "/" + rest, bytes.text(start..<end))
    }
}
