import RoostCore
@testable import RoostServer
import Testing

@Suite struct `Text on a terminal` {
    @Test(arguments: [
        ("plain", "plain"), ("é漢字", "é漢字"), ("\u{1B}[31mred\u{7}", "␛[31mred␇"), ("a\nb\tc\r", "a␊b␉c␍"), ("\u{7F}", "␡"),
        ("\u{9B}31m", "\u{FFFD}31m"), ("a\u{202E}b", "a\u{FFFD}b"), ("\u{2028}", "\u{FFFD}"), ("\u{0}", "␀"),
    ])
    func `is harmless in a line`(text: String, safe: String) { #expect(SafeText.line(text) == safe) }

    @Test func `is harmless in several lines`() {
        #expect(SafeText.lines("a\r\nb\n\tc\rd\u{1B}") == "a\nb\n    c␍d␛")
    }

    @Test func `has no control character left whatever it was`() {
        let all = String(String.UnicodeScalarView((0..<0x3000).compactMap(Unicode.Scalar.init)))
        for scalar in SafeText.line(all).unicodeScalars { #expect(scalar.properties.generalCategory != .control) }
        for scalar in SafeText.lines(all).unicodeScalars where scalar != "\n" {
            #expect(scalar.properties.generalCategory != .control)
        }
    }

    @Test(arguments: [("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("漢字", 4), ("🐓", 2), ("👨‍👩‍👧", 2), ("ｆ", 2), ("━", 1), ("…", 1)])
    func `takes so many columns`(text: String, columns: Int) { #expect(DisplayWidth.of(text) == columns) }

    @Test(arguments: [
        ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("漢字漢字", 5, "漢字…"), ("漢字漢字", 4, "漢…"), ("ab", 0, ""), ("ab", 1, "…"),
    ])
    func `is cut to its columns`(text: String, columns: Int, cut: String) {
        #expect(DisplayWidth.cut(text, to: columns) == cut)
    }

    @Test(arguments: [
        (0, "0 ms"), (999, "999 ms"), (1000, "1.0 s"), (59_999, "59.9 s"), (60_000, "1 min 0 s"), (3_600_000, "1 h 0 min"),
        (90_000_000, "1 d 1 h"),
    ])
    func `says durations`(milliseconds: Int, text: String) { #expect(HumanTime.duration(milliseconds: milliseconds) == text) }

    @Test(arguments: [
        (0, "now"), (1500, "1 s ago"), (120_000, "2 min ago"), (7_200_000, "2 h ago"), (172_800_000, "2 d ago"), (-5000, "now"),
    ])
    func `says ages`(milliseconds: Int64, text: String) {
        #expect(HumanTime.age(of: Timestamp(milliseconds: 0), now: Timestamp(milliseconds: milliseconds)) == text)
    }

    @Test(arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"), (-1000, "-1,000")])
    func `groups digits`(number: Int, text: String) { #expect(HumanTime.grouped(number) == text) }

    @Test func `has no escape sequences without colours`() {
        #expect(Style.plain.red("x") == "x")
        #expect(Style(isOn: true).red("x") == "\u{1B}[31mx\u{1B}[0m")
    }

    @Test(arguments: [10, 20, 40, 60, 80, 200], [-1, 0, 0.5, 1, 7, .nan])
    func `shows progress in less than a line`(columns: Int, fraction: Double) {
        let line = ProgressBar.line(
            fraction: fraction, message: "漢字\u{1B}[2J half of a long way to go", elapsed: 61_000, columns: columns, style: .plain)
        #expect(columns < 20 || DisplayWidth.of(line) < columns, "\(line)")
        #expect(!line.contains("\u{1B}"))
    }

    @Test func `shows progress`() {
        let line = ProgressBar.line(fraction: 0.5, message: "half", elapsed: 3000, columns: 60, style: .plain)
        #expect(line == String(repeating: "━", count: 10) + String(repeating: "┄", count: 10) + "  50 %  3 s  half")
    }
}
