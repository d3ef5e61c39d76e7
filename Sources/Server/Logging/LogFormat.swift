import RoostCore

/// How a log line looks.
public enum LogFormat: String, CaseIterable, Sendable, OptionValue {
    /// `2026-01-24T12:00:00.000Z info GET /api/v1/health 200 request_id=…`
    case text
    /// One JSON object a line: `time`, `level`, `message` and the named values.
    case json

    /// One line with its newline; line breaks inside values are escaped, so a line stays a line.
    func line(_ record: Logger.Record, at time: Timestamp) -> [UInt8] {
        let level = String(describing: record.level)
        var line: [UInt8]
        switch self {
        case .json:
            var object: JSONObject = [
                "time": .string(time.description), "level": .string(level),
                "message": .string(record.message),
            ]
            for (name, value) in record.values.members { object[name] = value }
            line = JSON.object(object).serialized()
        case .text:
            line = Array("\(time) \(level) ".utf8)
            Self.append(record.message, to: &line)
            for (name, value) in record.values.members {
                line.append(0x20)
                line.append(contentsOf: name.utf8)
                line.append(0x3D)
                Self.append(value, to: &line)
            }
        }
        line.append(0x0A)
        return line
    }

    /// Bare where that is unmistakable, else as a JSON string.
    private static func append(_ value: JSON, to line: inout [UInt8]) {
        if let text = value.string, !text.isEmpty,
            text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x22 && $0 != 0x3D && $0 != 0x5C && $0 != 0x7F })
        {
            line.append(contentsOf: text.utf8)
        } else {
            line.append(contentsOf: value.serialized())
        }
    }

    private static func append(_ message: String, to line: inout [UInt8]) {
        for byte in message.utf8 {
            switch byte {
            case 0x0A: line.append(contentsOf: "\\n".utf8)
            case 0x0D: line.append(contentsOf: "\\r".utf8)
            case 0..<0x20, 0x7F: line.append(0x3F)
            default: line.append(byte)
            }
        }
    }
}
