/// One step through a JSON document.
enum JSONToken {
    /// `[`.
    case beginArray
    /// `]`.
    case endArray
    /// `{`.
    case beginObject
    /// `}`.
    case endObject
    /// The name of a member, with its colon.
    case name(String)
    /// A value that holds no others.
    case value(JSON)
}
