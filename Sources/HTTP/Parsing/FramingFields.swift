internal import RoostCore

/// Gathers, field by field, what decides on the framing of a request, and judges it at the end of the head.
///
/// Everything that two parsers could read differently is refused: that is what request smuggling lives on
/// (RFC 9112 §11.2).
struct FramingFields {
    private var hosts = 0
    private var contentLength: Int?
    private var hasTransferEncoding = false
    private var chunkedCodings = 0
    private var otherCodings = 0
    private var chunkedIsLast = false
    private var hasEmptyCoding = false
    private var close = false
    private var keepAlive = false
    private var expectsContinue = false

    /// Looks at one field line; `name` and `value` are ranges of `bytes`.
    mutating func note(_ bytes: [UInt8], name: Range<Int>, value: Range<Int>) throws(HTTPParseError) {
        switch name.count {
        case 4 where bytes.equalsIgnoringCase(name, "host"):
            hosts += 1
            guard hosts == 1 else { throw .repeatedHost }
            guard Authority.isValid(bytes, value) else { throw .malformedHost }
        case 6 where bytes.equalsIgnoringCase(name, "expect"):
            guard bytes.equalsIgnoringCase(value, "100-continue") else { throw .unsupportedExpectation }
            expectsContinue = true
        case 10 where bytes.equalsIgnoringCase(name, "connection"):
            bytes.forEachElement(in: value) { element in
                if bytes.equalsIgnoringCase(element, "close") { close = true }
                if bytes.equalsIgnoringCase(element, "keep-alive") { keepAlive = true }
            }
        case 14 where bytes.equalsIgnoringCase(name, "content-length"):
            try noteLength(bytes, value)
        case 17 where bytes.equalsIgnoringCase(name, "transfer-encoding"):
            hasTransferEncoding = true
            noteCodings(bytes, value)
        default: break
        }
    }

    /// The verdict over the whole head.
    func framing(of version: HTTPVersion) throws(HTTPParseError) -> RequestFraming {
        if version == .http11, hosts == 0 { throw .missingHost }
        var framing = RequestFraming()
        framing.keepsAlive = !close && (version == .http11 || keepAlive)
        if hasTransferEncoding {
            guard version == .http11 else { throw .transferEncodingInHTTP10 }
            guard contentLength == nil else { throw .lengthAndTransferEncoding }
            guard !hasEmptyCoding, chunkedCodings == 0 || (chunkedCodings == 1 && chunkedIsLast) else {
                throw .malformedTransferEncoding
            }
            guard otherCodings == 0 else { throw .unsupportedTransferEncoding }
            framing.body = .chunked
        } else if let contentLength, contentLength > 0 {
            framing.body = .length(contentLength)
        }
        // A client of HTTP/1.0 does not know 100 (RFC 9110 §10.1.1), and without a body there is nothing to wait for.
        framing.expectsContinue = expectsContinue && version == .http11 && framing.body != .none
        return framing
    }

    /// A length, or a list of lengths that are all the same (RFC 9110 §8.6).
    private mutating func noteLength(_ bytes: [UInt8], _ value: Range<Int>) throws(HTTPParseError) {
        var start = value.lowerBound
        while true {
            var end = start
            while end < value.upperBound, bytes[end] != 0x2C { end += 1 }
            let length = try Self.length(bytes, bytes.trimmed(start..<end))
            if let contentLength, contentLength != length { throw .conflictingContentLength }
            contentLength = length
            guard end < value.upperBound else { return }
            start = end + 1
        }
    }

    private static func length(_ bytes: [UInt8], _ range: Range<Int>) throws(HTTPParseError) -> Int {
        guard !range.isEmpty else { throw .malformedContentLength }
        var length = 0
        for index in range {
            guard ByteClass.isDigit(bytes[index]) else { throw .malformedContentLength }
            let (product, overflow) = length.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(Int(bytes[index] - 0x30))
            guard !overflow, !carry else { throw .malformedContentLength }
            length = sum
        }
        return length
    }

    /// Empty elements are refused: a list may have them (RFC 9110 §5.6.1.2), but of a field that
    /// others might read differently, the plain form is enough.
    private mutating func noteCodings(_ bytes: [UInt8], _ value: Range<Int>) {
        var start = value.lowerBound
        while true {
            var end = start
            while end < value.upperBound, bytes[end] != 0x2C { end += 1 }
            let element = bytes.trimmed(start..<end)
            chunkedIsLast = bytes.equalsIgnoringCase(element, "chunked")
            if chunkedIsLast { chunkedCodings += 1 } else { otherCodings += 1 }
            hasEmptyCoding = hasEmptyCoding || element.isEmpty
            guard end < value.upperBound else { return }
            start = end + 1
        }
    }
}
