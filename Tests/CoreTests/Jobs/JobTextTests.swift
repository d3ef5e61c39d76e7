import RoostCore
import Testing

struct JobTextTests {
    private func folded(_ text: String) -> String { String(decoding: JobText.code(Array(text.utf8)), as: UTF8.self) }

    @Test(arguments: [
        ("", " "), ("...", " "), ("Hello, World!", " hello world "), ("a_b.c(d)", " a b c d "),
        ("ÄÖÜ straße Ωmega", " äöü straße ωmega "), ("日本語 x²", " 日本語 x² "), ("e\u{301}", " e\u{301} "),
        ("👩‍💻a—b", " a b "),
    ])
    func `text is searched as words in lower case`(_ text: String, _ expected: String) {
        #expect(folded(text) == expected)
    }

    @Test func `bytes that are no UTF-8 separate words`() {
        #expect(JobText.code([0x41, 0xFF, 0x42, 0, 0x43, 0xC3]) == Array(" a b c ".utf8))
    }

    @Test func `only the beginning of a long text is searched`() {
        let long = [UInt8](repeating: 0x61, count: JobText.searchedBytes) + Array(" end".utf8)
        #expect(JobText.code(long).count == JobText.searchedBytes + 2)
        let output = JobOutput(stdout: long, stderr: Array("x".utf8))
        #expect(JobText.output(output, nil).count == JobText.searchedBytes + 2)
    }

    @Test func `a search without letters or digits is none, and neither is a very long one`() {
        #expect(JobTextQuery(text: "") == nil)
        #expect(JobTextQuery(text: " \"*\" _ ") == nil)
        #expect(JobTextQuery(text: String(repeating: "a", count: JobTextQuery.maximumBytes + 1)) == nil)
        #expect(JobTextQuery(text: String(repeating: "a", count: JobTextQuery.maximumBytes)) != nil)
    }

    @Test func `words are looked for one by one, phrases as a whole`() throws {
        let texts = [Array(" one two three ".utf8), Array(" four ".utf8)]
        for (text, isFound) in [
            ("one", true), ("three ONE four", true), ("\"one two\"", true), ("\"two one\"", false), ("one-two", true),
            ("two-one", false), ("on", false), ("\"three four\"", false), ("\"one two", true), ("five", false),
            ("\"three\"four", true),
        ] {
            #expect(try #require(JobTextQuery(text: text)).matches(texts) == isFound, "\(text)")
        }
    }
}
