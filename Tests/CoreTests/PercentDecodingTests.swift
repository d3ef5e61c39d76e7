import RoostCore
import Testing

/// Path segments and query strings as they come in a request target.
struct PercentDecodingTests {
    @Test(
        arguments: [
            ("", ""), ("abc", "abc"), ("a+b", "a+b"), ("a%20b", "a b"), ("a%2Fb%2fc", "a/b/c"), ("%41%5a", "AZ"),
            ("%C3%A9", "é"), ("é", "é"), ("%F0%9F%98%80", "😀"), ("%2525", "%25"), ("%252F", "%2F"), ("%00", "\0"),
            ("%2e%2E", ".."), ("%2B", "+"), ("a%0D%0Ab", "a\r\nb"), ("e%CC%81", "e\u{301}"),
        ])
    func `a segment is decoded once`(text: String, expected: String) throws {
        let decoded = try PercentDecoding.segment(text[...])
        #expect(Array(decoded.utf8) == Array(expected.utf8))
    }

    @Test(arguments: [("a+b", "a b"), ("a%2Bb", "a+b"), ("+", " "), ("%20+", "  "), ("x", "x")])
    func `in a query a plus is a space`(text: String, expected: String) throws {
        #expect(try PercentDecoding.query(text[...]) == expected)
    }

    @Test(arguments: ["%", "a%", "%4", "a%4", "%zz", "%4z", "%z4", "%%41", "% 41", "%+1", "%-1", "%0x", "%é", "%\u{FF11}1"])
    func `an escape needs two hexadecimal digits`(text: String) {
        #expect(throws: PercentDecodingError.invalidEscape) { try PercentDecoding.segment(text[...]) }
        #expect(throws: PercentDecodingError.invalidEscape) { try PercentDecoding.query(text[...]) }
        #expect(throws: PercentDecodingError.invalidEscape) { try QueryString.parse("a=1&\(text)=2") }
        #expect(throws: PercentDecodingError.invalidEscape) { try QueryString.parse("a=\(text)") }
    }

    @Test(arguments: ["%FF", "%C3", "%C3%28", "%C0%AF", "%ED%A0%80", "%F4%90%80%80", "%80", "a%E2%82"])
    func `what comes out must be UTF-8`(text: String) {
        #expect(throws: PercentDecodingError.invalidUTF8) { try PercentDecoding.segment(text[...]) }
        #expect(throws: PercentDecodingError.invalidUTF8) { try QueryString.parse("a=\(text)") }
    }

    @Test(
        arguments: [
            ("", []), ("&&", []), ("a", [("a", "")]), ("a=", [("a", "")]), ("=b", [("", "b")]), ("=", [("", "")]),
            ("a=1&b=2", [("a", "1"), ("b", "2")]), ("b=2&a=1&b=3", [("b", "2"), ("a", "1"), ("b", "3")]),
            ("&a=1&&b=2&", [("a", "1"), ("b", "2")]), ("a=b=c", [("a", "b=c")]), ("a;b=1", [("a;b", "1")]),
            ("a%3D1=%26+x", [("a=1", "& x")]), ("a=/?", [("a", "/?")]), ("e\u{301}=1", [("e\u{301}", "1")]),
            ("a&\u{301}b", [("a", ""), ("\u{301}b", "")]),
        ] as [(String, [(String, String)])])
    func `a query is split before it is decoded`(text: String, expected: [(String, String)]) throws {
        #expect(try QueryString.parse(text[...]) == expected.map { QueryItem(name: $0.0, value: $0.1) })
    }

    @Test func `more than 256 items are refused`() throws {
        let text = Array(repeating: "a=1", count: 256).joined(separator: "&&")
        #expect(try QueryString.parse(text[...]).count == 256)
        #expect(throws: PercentDecodingError.tooManyItems) { try QueryString.parse("\(text)&b") }
    }
}
