import CSQLite

/// The row a query stands on; columns are numbered from 0.
///
/// Cannot be copied, so it cannot be kept beyond its turn.
public struct SQLiteRow: ~Copyable {
    private let statement: SQLiteStatement

    init(_ statement: SQLiteStatement) { self.statement = statement }

    /// True for `NULL`, and for a column that is not there.
    public func isNull(_ column: Int) -> Bool { statement.type(column) == SQLITE_NULL }

    /// The integer; 0 for `NULL`.
    public func int(_ column: Int) -> Int64 { isNull(column) ? 0 : statement.int(column) }

    /// The integer, or nil for `NULL`.
    public func int(ifPresent column: Int) -> Int64? { isNull(column) ? nil : statement.int(column) }

    /// The number; 0 for `NULL`.
    public func double(_ column: Int) -> Double { isNull(column) ? 0 : statement.double(column) }

    /// The text, invalid UTF-8 repaired; empty for `NULL`.
    public func text(_ column: Int) -> String { isNull(column) ? "" : statement.text(column) }

    /// The text, or nil for `NULL`.
    public func text(ifPresent column: Int) -> String? { isNull(column) ? nil : statement.text(column) }

    /// The bytes of a blob or text; empty for `NULL`.
    public func bytes(_ column: Int) -> [UInt8] { isNull(column) ? [] : statement.bytes(column) }
}
