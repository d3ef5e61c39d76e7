/// How far a long operation on a history is.
public struct HistoryProgress: Sendable, Equatable {
    /// What it does at the moment, such as `jobs` or `pages`: the unit of the numbers.
    public var unit: String
    /// How many are done.
    public var done: Int
    /// How many there are; nil when that is not known.
    public var total: Int?

    /// Puts a report together.
    public init(unit: String, done: Int, total: Int?) {
        self.unit = unit
        self.done = done
        self.total = total
    }
}
