import RoostCore
import Testing

/// The envelope of §4: `success` false, a code, a message, `details` an object or absent, and JSON as media type.
@discardableResult
func expectFailure(
    _ answer: HTTPAnswer, _ status: Int, _ code: String, sourceLocation: SourceLocation = #_sourceLocation
) -> JSONObject {
    let error = answer["error"]?.object ?? [:]
    guard answer.status == status, error["code"] == .string(code) else {
        Issue.record("not \(status) \(code): \(answer.status) \(answer.text)", sourceLocation: sourceLocation)
        return error
    }
    #expect(answer["success"] == false, "\(answer.text)", sourceLocation: sourceLocation)
    #expect(error["message"]?.string?.isEmpty == false, "\(answer.text)", sourceLocation: sourceLocation)
    if let details = error["details"] {
        #expect(details.object != nil, "\(answer.text)", sourceLocation: sourceLocation)
    }
    #expect(
        answer[field: "Content-Type"]?.hasPrefix("application/json") == true, "\(answer.fields)",
        sourceLocation: sourceLocation)
    return error
}

/// A success of `POST /execute` with the fields reference promises.
func expectSuccess(_ answer: HTTPAnswer, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(answer.status == 200, "\(answer.text)", sourceLocation: sourceLocation)
    #expect(answer["success"] == true, "\(answer.text)", sourceLocation: sourceLocation)
    #expect(answer["job_id"]?.string.map(isJobID) == true, "\(answer.text)", sourceLocation: sourceLocation)
    #expect(answer["output"]?.string != nil, "\(answer.text)", sourceLocation: sourceLocation)
    #expect(answer["logs"]?.array != nil, "\(answer.text)", sourceLocation: sourceLocation)
    #expect(isInteger(answer["duration_ms"]), "\(answer.text)", sourceLocation: sourceLocation)
}

/// Lower-case and hyphenated.
func isJobID(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    return parts.map(\.utf8.count) == [8, 4, 4, 4, 12]
        && parts.joined().utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
}

/// `YYYY-MM-DDTHH:MM:SS.mmmZ`.
func isTimestamp(_ value: JSON?) -> Bool {
    guard let text = value?.string else { return false }
    let shape = "dddd-dd-ddTdd:dd:dd.dddZ"
    return text.utf8.count == shape.utf8.count
        && zip(text.utf8, shape.utf8).allSatisfy { $1 == UInt8(ascii: "d") ? (0x30...0x39).contains($0) : $0 == $1 }
}

/// A number written without fraction, not negative.
func isInteger(_ value: JSON?) -> Bool {
    if case .int(let number)? = value { number >= 0 } else { false }
}

/// Log entries as pairs of level and message; nil where an entry is not as reference shows it.
func logs(_ value: JSON?) -> [[String]]? {
    var entries: [[String]] = []
    for entry in value?.array ?? [] {
        guard let level = entry["level"]?.string, let message = entry["message"]?.string,
            isTimestamp(entry["timestamp"])
        else { return nil }
        entries.append([level, message])
    }
    return value?.array == nil ? nil : entries
}

/// The names of an object's members, sorted.
func keys(_ value: JSON?) -> [String] { value?.object?.members.map(\.name).sorted() ?? [] }
