/// How many single mistakes lie between two words: a letter too many, too few, another one, or two swapped
/// (optimal string alignment).
func editDistance(_ left: String, _ right: String) -> Int {
    let (left, right) = (Array(left.utf8), Array(right.utf8))
    var rows: [[Int]] = [Array(0...right.count)]
    for row in 1..<left.count + 1 {
        var current = [row]
        for column in 1..<right.count + 1 {
            let isSame = left[row - 1] == right[column - 1]
            var cost = min(
                rows[row - 1][column] + 1, current[column - 1] + 1,
                rows[row - 1][column - 1] + (isSame ? 0 : 1))
            if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                cost = min(cost, rows[row - 2][column - 2] + 1)
            }
            current.append(cost)
        }
        rows.append(current)
    }
    return rows[left.count][right.count]
}
