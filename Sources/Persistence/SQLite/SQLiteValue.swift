/// A value of one of SQLite's storage classes (https://www.sqlite.org/datatype3.html).
public enum SQLiteValue: Sendable, Equatable {
    /// `NULL`.
    case null
    /// A signed integer of 64 bits.
    case int(Int64)
    /// A double; a NaN is stored as `NULL`.
    case double(Double)
    /// UTF-8; may hold NUL.
    case text(String)
    /// UTF-8 that is already bytes, stored as text.
    case utf8([UInt8])
    /// Bytes.
    case blob([UInt8])

    /// An integer.
    public static func int(_ value: Int) -> SQLiteValue { .int(Int64(value)) }
    /// An integer, or `NULL` for nil.
    public static func int(_ value: Int64?) -> SQLiteValue { value.map { .int($0) } ?? .null }
    /// An integer, or `NULL` for nil.
    public static func int(_ value: Int?) -> SQLiteValue { value.map { .int(Int64($0)) } ?? .null }
    /// A text, or `NULL` for nil.
    public static func text(_ value: String?) -> SQLiteValue { value.map { .text($0) } ?? .null }
}
