internal import RoostCore

/// The name of a session: 1 to 64 of `A-Z a-z 0-9 . _ -`.
struct SessionName: ParameterValue {
    let text: String

    static var typeDescription: String { "a name of 1 to 64 letters, digits, '.', '_' or '-'" }
    static var schemaType: String { "string" }

    init?(json: JSON) {
        guard let text = json.string else { return nil }
        self.init(text: text)
    }

    init?(text: String) {
        guard (1...64).contains(text.utf8.count), text.utf8.allSatisfy(Self.isAllowed) else { return nil }
        self.text = text
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
