@testable import RoostServer
import Testing

@Suite struct `A table` {
    private static let table = TextTable(
        columns: [
            .init("ID"), .init("TIME", isRight: true), .init("NAME", minimum: 5, rank: 2), .init("NOTE", minimum: 4, rank: 1),
            .init("EMPTY"),
        ],
        rows: [
            [.init("a1"), .init("5 ms"), .init("a rather long name"), .init("one"), .init("")],
            [.init("b22"), .init("1.5 s"), .init("漢字") { $0.red($1) }, .init("another note"), .init("")],
        ])

    @Test func `is as wide as what is in it, without columns that are empty`() {
        #expect(
            Self.table.lines(width: nil, style: .plain) == [
                "ID    TIME  NAME                NOTE", "a1    5 ms  a rather long name  one",
                "b22  1.5 s  漢字                another note",
            ])
    }

    @Test(arguments: 8...60)
    func `fits the terminal as long as it can`(width: Int) {
        for line in Self.table.lines(width: width, style: .plain) {
            #expect(DisplayWidth.of(line) <= max(width, 10), "\(line)")
        }
    }

    @Test func `gives up what matters least first`() {
        #expect(Self.table.lines(width: 17, style: .plain)[1] == "a1    5 ms  a ra…")
        #expect(Self.table.lines(width: 12, style: .plain)[1] == "a1    5 ms")
    }

    @Test func `is painted without being moved`() {
        let line = Self.table.lines(width: nil, style: Style(isOn: true))[2]
        #expect(line == "b22  1.5 s  \u{1B}[31m漢字\u{1B}[0m                another note")
    }
}
