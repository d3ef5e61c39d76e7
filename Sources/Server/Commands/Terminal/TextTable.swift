/// Rows in columns, fitted to a width.
struct TextTable: Sendable {
    /// A column.
    struct Column: Sendable {
        let title: String
        /// It is not cut below so many columns; nil when it is never cut.
        var minimum: Int?
        /// It goes when there is no room, the one with the lowest number first; nil when it stays.
        var rank: Int?
        var isRight = false

        init(_ title: String, minimum: Int? = nil, rank: Int? = nil, isRight: Bool = false) {
            self.title = title
            self.minimum = minimum
            self.rank = rank
            self.isRight = isRight
        }
    }

    /// What stands in a row and a column.
    struct Cell: Sendable {
        let text: String
        var paint: @Sendable (Style, String) -> String = { $1 }

        init(_ text: String, paint: @escaping @Sendable (Style, String) -> String = { $1 }) {
            self.text = text
            self.paint = paint
        }
    }

    private static let gap = 2

    let columns: [Column]
    /// Each with as many cells as there are columns, of text without control characters.
    let rows: [[Cell]]

    /// The title line and the rows.
    ///
    /// - Parameters:
    ///   - width: Columns of the terminal; nil when nothing is to be cut.
    ///   - style: Its colours.
    /// - Returns: Lines without line breaks.
    func lines(width: Int?, style: Style) -> [String] {
        // What is empty in every row says nothing.
        var shown = columns.indices.filter { index in
            rows.isEmpty || rows.contains { !$0[index].text.isEmpty }
        }
        var widths = columns.indices.map { index in
            rows.map { DisplayWidth.of($0[index].text) }.reduce(columns[index].title.utf8.count, max)
        }
        if let width { fit(&shown, &widths, width) }
        let title = line(shown.map { (columns[$0].title, columns[$0], widths[$0]) }) { _, text in
            style.dim(text)
        }
        let body = rows.map { row in
            line(shown.map { (row[$0].text, columns[$0], widths[$0]) }) { place, text in
                row[shown[place]].paint(style, text)
            }
        }
        return [title] + body
    }

    private func fit(_ shown: inout [Int], _ widths: inout [Int], _ width: Int) {
        func excess() -> Int { shown.reduce(Self.gap * (shown.count - 1)) { $0 + widths[$1] } - width }
        while excess() > 0 {
            // The widest that can be cut gives first, down to the next one or its least.
            let soft = shown.filter { index in
                columns[index].minimum.map { widths[index] > max($0, columns[index].title.utf8.count) }
                    ?? false
            }
            if let widest = soft.max(by: { widths[$0] < widths[$1] }) {
                widths[widest] -= 1
            } else if let least = shown.filter({ columns[$0].rank != nil })
                .min(by: { (columns[$0].rank ?? 0) < (columns[$1].rank ?? 0) })
            {
                shown.removeAll { $0 == least }
            } else {
                return
            }
        }
    }

    private func line(
        _ cells: [(text: String, column: Column, width: Int)], paint: (Int, String) -> String
    ) -> String {
        var line = ""
        for (place, cell) in cells.enumerated() {
            let text = cell.column.minimum == nil ? cell.text : DisplayWidth.cut(cell.text, to: cell.width)
            let space = String(repeating: " ", count: max(0, cell.width - DisplayWidth.of(text)))
            let isLast = place == cells.count - 1
            line +=
                cell.column.isRight ? space + paint(place, text) : paint(place, text) + (isLast ? "" : space)
            if !isLast { line += String(repeating: " ", count: Self.gap) }
        }
        return line
    }
}
