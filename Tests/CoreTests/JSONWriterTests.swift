import RoostCore
import Testing

/// What is written, and that it reads back.
struct JSONWriterTests {
    private func text(_ value: JSON) -> String { String(decoding: value.serialized(), as: UTF8.self) }

    @Test(
        arguments: [
            (.null, "null"), (true, "true"), (false, "false"), (.int(.min), "-9223372036854775808"),
            (.int(.max), "9223372036854775807"), ([], "[]"), ([:], "{}"),
            ([1, [2, []], [:]], "[1,[2,[]],{}]"), (["b": 1, "a": [nil, ["c": "d"]]], #"{"b":1,"a":[null,{"c":"d"}]}"#),
            (["a": 1, "a": 2], #"{"a":1,"a":2}"#), (["q\"\n": 1], #"{"q\"\n":1}"#),
        ] as [(JSON, String)])
    func `writes compact text in the order given`(value: JSON, expected: String) throws {
        #expect(text(value) == expected)
        #expect(try JSONParser.parse(value.serialized()) == value)
    }

    @Test(
        arguments: [
            (1, "1.0"), (-0.0, "-0.0"), (0.1, "0.1"), (1e20, "1e+20"), (1e16, "1e+16"), (.leastNonzeroMagnitude, "5e-324"),
            (.greatestFiniteMagnitude, "1.7976931348623157e+308"), (123456.789, "123456.789"),
            (0x1p53, "9007199254740992.0"),
        ] as [(Double, String)])
    func `doubles are as short as reading them back allows`(double: Double, expected: String) throws {
        #expect(text(.double(double)) == expected)
        let back = try JSONParser.parse(JSON.double(double).serialized())
        guard case .double(let read) = back else {
            Issue.record("\(back) is no double")
            return
        }
        #expect(read.bitPattern == double.bitPattern)
    }

    @Test func `random doubles read back the same`() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<10_000 {
            let double = Double(bitPattern: generator.next())
            guard double.isFinite else { continue }
            let back = try JSONParser.parse(JSON.double(double).serialized())
            #expect(back.double?.bitPattern == double.bitPattern, "\(double)")
        }
    }

    @Test(arguments: [.nan, .infinity, -.infinity] as [Double])
    func `what is not finite becomes null`(double: Double) {
        #expect(text([.double(double)]) == "[null]")
    }

    @Test(
        arguments: [
            ("", #""""#), ("a/b", #""a/b""#), ("\"\\", #""\"\\""#), ("\u{8}\t\n\u{C}\r", #""\b\t\n\f\r""#),
            ("\0\u{1}\u{B}\u{1F}", #""\u0000\u0001\u000b\u001f""#), ("\u{7F}\u{2028}\u{2029}é😀", "\"\u{7F}\u{2028}\u{2029}é😀\""),
            ("x\ny", #""x\ny""#), ("\r\n", #""\r\n""#), ("é\"é", #""é\"é""#),
        ])
    func `escapes what has to be and nothing else`(string: String, expected: String) throws {
        #expect(text(.string(string)) == expected)
        #expect(try JSONParser.parse(JSON.string(string).serialized()) == .string(string))
    }

    @Test func `every scalar value of the first plane reads back`() throws {
        let scalars = (0...0xFFFF as ClosedRange<UInt32>).compactMap(Unicode.Scalar.init)
        let string = String(String.UnicodeScalarView(scalars))
        let back = try JSONParser.parse(JSON.string(string).serialized())
        #expect(back.string.map { Array($0.utf8) } == Array(string.utf8))
    }

    @Test(
        arguments: [
            (#""\ud800""#, #""\ud800""#), (#""a\uDFFF\n\uD83D\uDE00\udbff""#, "\"a\\udfff\\n😀\\udbff\""),
        ])
    func `surrogates without their other half are escaped again`(document: String, expected: String) throws {
        let value = try JSONParser.parse(Array(document.utf8))
        #expect(text(value) == expected)
        #expect(try JSONParser.parse(value.serialized()) == value)
    }

    @Test func `what is neither UTF-8 nor a surrogate is replaced`() {
        #expect(text(.unpairedString([0x61, 0xFF, 0xED, 0xA0, 0xED, 0xA0, 0x80])) == "\"a\u{FFFD}\u{FFFD}\u{FFFD}\\ud800\"")
    }

    @Test func `text is copied byte for byte`() throws {
        let json = try JSONText(validating: Array(#"{ "a" : 1E400 , "b":"\u0041" }"#.utf8))
        #expect(text(["t": .text(json), "u": 1]) == #"{"t":{ "a" : 1E400 , "b":"\u0041" },"u":1}"#)
    }

    @Test func `text can be read as a value, and is refused when it is none`() throws {
        #expect(try JSONText(validating: Array("[1]".utf8)).value == [1])
        #expect(throws: JSONError("expected a value", at: 1)) { try JSONText(validating: Array("[".utf8) + [0x5C]) }
        #expect(throws: JSONError("more than 1000 levels deep", at: 1000)) {
            try JSONText(validating: [UInt8](repeating: 0x5B, count: 2000))
        }
    }

    @Test func `a thousand levels are written and read back`() throws {
        var value: JSON = []
        for level in 0..<999 { value = level % 2 == 0 ? [value] : ["a": value] }
        #expect(try JSONParser.parse(value.serialized(), maximumDepth: 1000) == value)
    }

    @Test(
        arguments: [
            [], [0x61], [0xFF], [0xC3], [0xC3, 0x28], [0xE2, 0x82, 0x41], [0xED, 0xA0, 0x80], [0xF0, 0x9F, 0x98, 0x80, 0x80],
            [0xF0, 0x9F, 0x98], [0xF0, 0x80, 0x80, 0x41], [0xC0, 0xAF], [0x0A, 0xFE, 0x22], [0xE0, 0x80], [0xF4, 0x90, 0x80, 0x80],
        ] as [[UInt8]])
    func `bytes that are no UTF-8 are repaired as String repairs them`(bytes: [UInt8]) throws {
        var writer = JSONWriter()
        writer.append(utf8Repairing: bytes)
        #expect(try JSONParser.parse(writer.bytes) == .string(String(decoding: bytes, as: UTF8.self)))
    }

    @Test func `random bytes are repaired as String repairs them`() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let bytes = (0..<16).map { _ in
                [0xE0, 0xED, 0xF0, 0xF4, 0x80, 0xA0, 0x41, UInt8.random(in: 0...255, using: &generator)].randomElement() ?? 0
            }
            var writer = JSONWriter()
            writer.append(utf8Repairing: bytes)
            #expect(try JSONParser.parse(writer.bytes).string == String(decoding: bytes, as: UTF8.self), "\(bytes)")
        }
    }

    @Test func `pieces are put together with commas where they belong`() throws {
        var writer = JSONWriter(capacity: 64)
        writer.beginArray()
        writer.beginObject()
        writer.name("a")
        writer.append(1)
        writer.name("b")
        writer.beginArray()
        writer.endArray()
        writer.name("c")
        writer.appendNull()
        writer.endObject()
        writer.append("s")
        writer.append(true)
        writer.append(0.5)
        writer.append(["x"] as JSON)
        writer.append(utf8Repairing: [0x79])
        writer.append(wtf8: [0x7A])
        writer.append(JSONText(trusted: [0x30]))
        writer.endArray()
        #expect(String(decoding: writer.bytes, as: UTF8.self) == #"[{"a":1,"b":[],"c":null},"s",true,0.5,["x"],"y","z",0]"#)
    }
}
