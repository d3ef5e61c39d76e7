import RoostCore
import Testing

/// What the strict reader takes and refuses (RFC 8259).
struct JSONParserTests {
    private func parse(_ text: String, maximumDepth: Int = 128) throws -> JSON {
        try JSONParser.parse(Array(text.utf8), maximumDepth: maximumDepth)
    }

    private func error(_ bytes: [UInt8], maximumDepth: Int = 128) -> JSONError? {
        do throws(JSONError) {
            _ = try JSONParser.parse(bytes, maximumDepth: maximumDepth)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        arguments: [
            ("null", .null), (" true\t", .bool(true)), ("\r\nfalse\n", .bool(false)),
            ("\"\"", ""), ("[]", []), ("[ ]", []), ("{}", [:]), ("{ }", [:]),
            ("[1,2]", [1, 2]), ("[ 1 , [ ] , { } ]", [1, [], [:]]),
            (#"{"a":{"b":[null]},"":0}"#, ["a": ["b": [nil]], "": 0]),
            (#"{"a" : 1 , "a" : 2}"#, ["a": 1, "a": 2]),
        ] as [(String, JSON)])
    func `reads values and containers`(text: String, value: JSON) throws {
        #expect(try parse(text) == value)
        try JSONParser.validate(Array(text.utf8))
    }

    @Test func `the last of repeated names counts`() throws {
        #expect(try parse(#"{"a":1,"b":2,"a":3}"#)["a"] == 3)
    }

    @Test func `names are compared by their bytes`() throws {
        let value = try parse(#"{"é":1,"e\u0301":2}"#)
        #expect(value["\u{E9}"] == 1)
        #expect(value["e\u{301}"] == 2)
    }

    @Test(
        arguments: [
            ("0", .int(0)), ("-1", .int(-1)), ("10", .int(10)),
            ("9223372036854775807", .int(.max)), ("-9223372036854775808", .int(.min)),
            ("9223372036854775808", .double(0x1p63)),
            ("-9223372036854775809", .double(-0x1p63)),
            ("123456789012345678901234567890", .double(1.2345678901234568e29)),
            ("1.0", .double(1)), ("1e2", .double(100)), ("1E+2", .double(100)), ("25e-1", .double(2.5)),
            ("0.1", .double(0.1)), ("0e0", .double(0)), ("-0.0", .double(0)), ("1e-400", .double(0)),
            ("2.2250738585072011e-308", .double(Double.leastNormalMagnitude.nextDown)),
            ("5e-324", .double(.leastNonzeroMagnitude)),
            ("1.7976931348623157e308", .double(.greatestFiniteMagnitude)),
            ("9007199254740993.0", .double(9_007_199_254_740_992)),
            ("1.00000000000000011102230246251565404236316680908203125", .double(1)),
            ("1.00000000000000011102230246251565404236316680908203126", .double(1.0000000000000002)),
        ] as [(String, JSON)])
    func `reads numbers exactly or correctly rounded`(text: String, value: JSON) throws {
        #expect(try parse(text) == value)
        #expect(try parse("[\(text)]") == [value])
    }

    @Test func `minus zero keeps its sign and is still the integer 0`() throws {
        let value = try parse("-0")
        guard case .double(let double) = value else {
            Issue.record("\(value) is no double")
            return
        }
        #expect(double.sign == .minus)
        #expect(value.int == 0)
    }

    @Test(
        arguments: [
            (#""a/b""#, "a/b"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
            (#""\u0041\u00e9\u20AC""#, "Aé€"), (#""\ud83d\ude00""#, "😀"), (#""x\u0000y""#, "x\0y"),
            ("\"é€😀\u{7F}\u{2028}\u{FFFF}\u{10FFFF}\"", "é€😀\u{7F}\u{2028}\u{FFFF}\u{10FFFF}"),
            (#""\uDBFF\uDFFF""#, "\u{10FFFF}"), (#""a\nb\nc""#, "a\nb\nc"), (#""\u005cu0041""#, "\\u0041"),
        ])
    func `reads strings`(text: String, value: String) throws {
        #expect(try parse(text) == .string(value))
        try JSONParser.validate(Array(text.utf8))
    }

    @Test(
        arguments: [
            (#""\uD800""#, [0xED, 0xA0, 0x80]),
            (#""\uDFFFx""#, [0xED, 0xBF, 0xBF, 0x78]),
            (#""é\uD83D\n""#, [0xC3, 0xA9, 0xED, 0xA0, 0xBD, 0x0A]),
            (#""\uD83D\uD83D\uDE00""#, [0xED, 0xA0, 0xBD, 0xF0, 0x9F, 0x98, 0x80]),
            (#""\uDE00\uD83D""#, [0xED, 0xB8, 0x80, 0xED, 0xA0, 0xBD]),
        ] as [(String, [UInt8])])
    func `a surrogate without its other half is kept as WTF-8`(text: String, bytes: [UInt8]) throws {
        #expect(try parse(text) == .unpairedString(bytes))
        try JSONParser.validate(Array(text.utf8))
    }

    @Test func `a surrogate without its other half in a name becomes U+FFFD`() throws {
        #expect(try parse(#"{"a\uD800b\ud83d\ude00":1}"#) == ["a\u{FFFD}b😀": 1])
    }

    @Test func `one byte order mark is skipped when parsing and refused when validating`() throws {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        #expect(try JSONParser.parse(mark + Array("[1]".utf8)) == [1])
        #expect(error(mark + mark + Array("1".utf8)) == JSONError("expected a value", at: 3))
        #expect(error([0xEF, 0xBB]) == JSONError("expected a value", at: 0))
        #expect(throws: JSONError("expected a value", at: 0)) {
            try JSONParser.validate(mark + Array("1".utf8))
        }
    }

    @Test(
        arguments: [
            ("", "unexpected end", 0), ("  ", "unexpected end", 2), ("[", "unexpected end", 1),
            ("[1,", "unexpected end", 3), ("{\"a\":", "unexpected end", 5), ("{\"a\":1", "unexpected end", 6),
            ("[1,]", "expected a value", 3), ("[,1]", "expected a value", 1), ("]", "expected a value", 0),
            ("NaN", "expected a value", 0), ("Infinity", "expected a value", 0), ("'a'", "expected a value", 0),
            ("nul", "expected a value", 0), ("nulL", "expected a value", 0), ("True", "expected a value", 0),
            ("+1", "expected a value", 0), (".5", "expected a value", 0), ("[1 /**/]", "expected ',' or ']'", 3),
            ("//\n1", "expected a value", 0), ("\u{A0}1", "expected a value", 0), ("\u{C}1", "expected a value", 0),
            ("-Infinity", "expected a digit", 1), ("-", "expected a digit", 1), ("1.", "expected a digit", 2),
            ("1.e1", "expected a digit", 2), ("1e", "expected a digit", 2), ("1e+", "expected a digit", 3),
            ("01", "leading zero", 0), ("-00", "leading zero", 1), ("[012.5]", "leading zero", 1),
            ("{\"a\":1,}", "expected a member name", 7), ("{,}", "expected a member name", 1),
            ("{1:2}", "expected a member name", 1), ("{a:1}", "expected a member name", 1),
            ("{\"a\"}", "expected ':'", 4), ("{\"a\"", "expected ':'", 4), ("{\"a\",1}", "expected ':'", 4),
            ("[1 2]", "expected ',' or ']'", 3), ("[1}", "expected ',' or ']'", 2), ("[1:2]", "expected ',' or ']'", 2),
            ("[0x1]", "expected ',' or ']'", 2), ("[1_0]", "expected ',' or ']'", 2),
            ("{\"a\":1]", "expected ',' or '}'", 6), ("{\"a\":1 \"b\":2}", "expected ',' or '}'", 7),
            ("1 2", "unexpected text after the value", 2), ("[]]", "unexpected text after the value", 2),
            ("{}x", "unexpected text after the value", 2), ("nullx", "unexpected text after the value", 4),
            ("1\0", "unexpected text after the value", 1), ("[]\u{FEFF}", "unexpected text after the value", 2),
            ("\"abc", "unterminated string", 0), ("[\"", "unterminated string", 1),
            ("\"a\\", "unterminated escape", 2), ("\"a\\\"", "unterminated string", 0),
            ("\"a\nb\"", "control character in a string", 2), ("\"\t\"", "control character in a string", 1),
            ("\"\0\"", "control character in a string", 1), ("\"\u{1F}\"", "control character in a string", 1),
            (#""\x41""#, "invalid escape", 1), (#""\'""#, "invalid escape", 1), (#""\U0041""#, "invalid escape", 1),
            (#""\u004""#, "invalid \\u escape", 1), (#""\u00g0""#, "invalid \\u escape", 1),
            (#""\u+041""#, "invalid \\u escape", 1), (#""\uD800\u12""#, "invalid \\u escape", 7),
            (#""\u"#, "invalid \\u escape", 1), (#"{"\u1":1}"#, "invalid \\u escape", 2),
        ] as [(String, String, Int)])
    func `refuses what is no JSON and says where`(text: String, reason: String, offset: Int) {
        let bytes = Array(text.utf8)
        #expect(error(bytes) == JSONError(reason, at: offset))
        #expect(throws: JSONError(reason, at: offset)) { try JSONParser.validate(bytes) }
    }

    @Test(
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xE0, 0x80, 0x80],
            [0xE0, 0x9F, 0xBF], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80],
            [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0x98], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80],
            [0xFF], [0xFE],
        ] as [[UInt8]])
    func `refuses bytes in strings and names that are no UTF-8`(bytes: [UInt8]) {
        let quote = UInt8(ascii: "\"")
        #expect(error([quote, 0x61] + bytes + [quote]) == JSONError("invalid UTF-8", at: 2))
        #expect(error([0x7B, quote] + bytes + [quote]) == JSONError("invalid UTF-8", at: 2))
        #expect(error([quote] + bytes) == JSONError("invalid UTF-8", at: 1))
        #expect(throws: JSONError("invalid UTF-8", at: 1)) {
            try JSONParser.validate([quote] + bytes + [quote])
        }
    }

    @Test(arguments: ["1e400", "-1e400", "1e309", "1.7976931348623159e308", String(repeating: "9", count: 400)])
    func `a number beyond Double is infinite`(text: String) throws {
        let value = try #require(try JSONParser.parse(Array("[\(text)]".utf8)).array?.first?.double)
        #expect(value == (text.hasPrefix("-") ? -.infinity : .infinity))
        try JSONParser.validate(Array("[\(text)]".utf8))
    }

    @Test func `the outermost container is the first level`() throws {
        #expect(throws: Never.self) { try parse("[[1]]", maximumDepth: 2) }
        #expect(throws: Never.self) { try parse("1", maximumDepth: 0) }
        #expect(error(Array("[[[1]]]".utf8), maximumDepth: 2) == JSONError("more than 2 levels deep", at: 2))
        #expect(error(Array("{\"a\":[{}]}".utf8), maximumDepth: 2) == JSONError("more than 2 levels deep", at: 6))
        let nested = Array((String(repeating: "[", count: 128) + String(repeating: "]", count: 128)).utf8)
        #expect(error(nested) == nil)
        #expect(error([0x5B] + nested + [0x5D]) == JSONError("more than 128 levels deep", at: 128))
    }

    @Test func `siblings do not add to the depth`() throws {
        let text = "[" + Array(repeating: "[[]]", count: 1000).joined(separator: ",") + "]"
        #expect(try parse(text, maximumDepth: 3).array?.count == 1000)
    }

    @Test func `a megabyte of brackets fails by depth alone`() {
        let brackets = [UInt8](repeating: UInt8(ascii: "["), count: 1 << 20)
        #expect(error(brackets) == JSONError("more than 128 levels deep", at: 128))
        #expect(error(brackets, maximumDepth: .max) == JSONError("more than 1000 levels deep", at: 1000))
        #expect(throws: JSONError("more than 1000 levels deep", at: 1000)) {
            try JSONParser.validate(brackets, maximumDepth: 1000)
        }
        #expect(throws: JSONError("unexpected end", at: 1 << 20)) {
            try JSONParser.validate(brackets, maximumDepth: .max)
        }
    }

    @Test func `long lists are whole, whatever the rest of the document is like`() throws {
        let numbers = (0..<20_000).map { "\($0)" }
        let list = "[\(numbers.joined(separator: ","))]"
        let object = "{\(numbers.map { "\"\($0)\":\($0)" }.joined(separator: ","))}"
        let text = "[\(list),\(object),\"\(String(repeating: "x", count: 500_000))\",\(list),[[[\(list)]]]]"
        let value = try parse(text)
        let expected = JSON.array((0..<20_000).map { .int($0) })
        #expect(value.array?[0] == expected)
        #expect(value.array?[1].object?.members.map(\.value) == expected.array)
        #expect(value.array?[1].object?.members.last?.name == "19999")
        #expect(value.array?[3] == expected)
        #expect(value.array?[4] == [[[expected]]])
        #expect(value.serialized() == Array(text.utf8))
    }

    @Test(arguments: [
        "[" + String(repeating: "0,", count: 500_000) + "0]", "\"" + String(repeating: "é", count: 500_000) + "\"",
        "\"" + String(repeating: "\\n", count: 500_000) + "\"",
        "\"" + String(repeating: "\\ud800", count: 170_000) + "\"", String(repeating: "1", count: 300),
        "0." + String(repeating: "3", count: 1_000_000), "1" + String(repeating: "0", count: 200) + ".5e-100",
        "[" + String(repeating: "{\"a\":1},", count: 125_000) + "{}]",
        "{" + String(repeating: "\"a\":1,", count: 160_000) + "\"b\":2}",
    ])
    func `a megabyte takes time in proportion`(text: String) throws {
        let bytes = Array(text.utf8)
        let time = try ContinuousClock().measure {
            _ = try JSONParser.parse(bytes)
            try JSONParser.validate(bytes)
        }
        // Far above what a debug build needs, far below what anything quadratic would.
        #expect(time < .seconds(20))
    }
}
