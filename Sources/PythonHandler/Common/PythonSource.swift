internal import RoostCore

/// The value of `code`: a string that is not empty, lone surrogates included, which then fail to compile.
struct PythonSource: ParameterValue {
    /// UTF-8, or WTF-8 where there are lone surrogates.
    let bytes: [UInt8]

    static var typeDescription: String { "a non-empty string" }
    static var schemaType: String { "string" }

    init?(json: JSON) {
        switch json {
        case .string(let text) where !text.isEmpty: bytes = Array(text.utf8)
        case .unpairedString(let text) where !text.isEmpty: bytes = text
        default: return nil
        }
    }

    init?(text: String) { self.init(json: .string(text)) }

    /// The source of a job by its record; nil where it may have been another one, since what was no UTF-8 is U+FFFD there.
    init?(record text: String) {
        guard !text.unicodeScalars.contains("\u{FFFD}") else { return nil }
        self.init(text: text)
    }

    /// For the record; what is no UTF-8 reads as U+FFFD.
    var text: String { String(decoding: bytes, as: UTF8.self) }
}
