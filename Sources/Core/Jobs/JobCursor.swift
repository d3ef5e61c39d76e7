/// The place between two pages of a list: stable while jobs arrive and leave.
///
/// On the wire it is an opaque text; clients hand back what `next_cursor` gave them.
public struct JobCursor: Sendable, Equatable, ParameterValue, CustomStringConvertible {
    /// The sequence number of the last job of the page before.
    public let sequence: Int64

    /// After the job with this sequence number.
    public init(sequence: Int64) { self.sequence = sequence }

    /// `the next_cursor of another page`.
    public static var typeDescription: String { "the next_cursor of another page" }
    /// `string`.
    public static var schemaType: String { "string" }
    /// A description: there are too many to list.
    public static var allowedValues: [String]? { ["next_cursor of another page"] }

    /// `c` and the number in base 36.
    public var description: String { "c" + String(sequence, radix: 36) }

    /// A JSON string of the form that `description` has.
    public init?(json: JSON) {
        guard let text = json.string else { return nil }
        self.init(text: text)
    }

    /// The form that `description` has.
    public init?(text: String) {
        let digits = text.utf8.dropFirst()
        guard text.utf8.first == 0x63, !digits.isEmpty,
            digits.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) }),
            let sequence = Int64(String(digits) ?? "", radix: 36)
        else { return nil }
        self.init(sequence: sequence)
    }
}
