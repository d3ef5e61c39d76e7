/// The notation of the files in `Requests/`: bytes as readable text.
///
/// `\r \n \t \\ \xNN` stand for bytes and `\{text*3}` for text three times over. Line ends of the file itself
/// are layout and mean nothing.
enum EscapedText {
    /// The bytes meant; nil when an escape is wrong.
    static func decode(_ text: [UInt8]) -> [UInt8]? { decode(text[...]) }

    private static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                if byte != 0x0A { bytes.append(byte) }
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "r"): bytes.append(0x0D)
            case UInt8(ascii: "n"): bytes.append(0x0A)
            case UInt8(ascii: "t"): bytes.append(0x09)
            case UInt8(ascii: "\\"): bytes.append(UInt8(ascii: "\\"))
            case UInt8(ascii: "x"):
                let digits = String(decoding: rest.prefix(2), as: UTF8.self)
                guard let value = UInt8(digits, radix: 16) else { return nil }
                bytes.append(value)
                rest = rest.dropFirst(2)
            case UInt8(ascii: "{"):
                guard let end = rest.firstIndex(of: UInt8(ascii: "}")),
                    let star = rest[..<end].lastIndex(of: UInt8(ascii: "*")),
                    let count = Int(String(decoding: rest[(star + 1)..<end], as: UTF8.self)),
                    let part = decode(rest[..<star])
                else { return nil }
                for _ in 0..<count { bytes += part }
                rest = rest[(end + 1)...]
            default: return nil
            }
        }
        return bytes
    }

    /// Readable text for `bytes`, on one line; runs of one byte are shortened.
    static func encode(_ bytes: [UInt8]) -> String {
        var text = ""
        var index = 0
        while index < bytes.count {
            var end = index + 1
            while end < bytes.count, bytes[end] == bytes[index] { end += 1 }
            let one = encode(bytes[index])
            text += end - index > 16 ? "\\{\(one)*\(end - index)}" : String(repeating: one, count: end - index)
            index = end
        }
        return text
    }

    private static func encode(_ byte: UInt8) -> String {
        switch byte {
        case 0x0D: "\\r"
        case 0x0A: "\\n"
        case 0x09: "\\t"
        case UInt8(ascii: "\\"): "\\\\"
        case 0x20...0x7E: String(UnicodeScalar(byte))
        default: "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
    }
}
