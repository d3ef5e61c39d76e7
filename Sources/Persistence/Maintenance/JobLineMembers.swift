import RoostCore

/// The members of a line, each with its check; see ``JobLine``.
struct JobLineMembers {
    private let object: JSONObject

    init(_ line: [UInt8]) throws(JobLine.Problem) {
        let value: JSON
        do { value = try JSONParser.parse(line, maximumDepth: 1000) } catch {
            throw JobLine.Problem(text: "it is no JSON (\(error))")
        }
        guard let object = value.object else { throw JobLine.Problem(text: "it is no JSON object") }
        self.object = object
    }

    func has(_ name: String) -> Bool { object[name] != nil }

    func string(_ name: String) throws(JobLine.Problem) -> String {
        guard let value = object[name]?.string else {
            throw JobLine.Problem(text: "'\(name)' must be a string")
        }
        return value
    }

    func time(_ name: String) throws(JobLine.Problem) -> Timestamp {
        guard let time = Timestamp(text: try string(name)) else {
            throw JobLine.Problem(text: "'\(name)' must be \(Timestamp.typeDescription)")
        }
        return time
    }

    func count(_ name: String) throws(JobLine.Problem) -> Int {
        guard let value = object[name]?.int, value >= 0 else {
            throw JobLine.Problem(text: "'\(name)' must be an integer of at least 0")
        }
        return value
    }

    /// A text, or bytes that are none as hexadecimal digits under another name; empty when neither is there.
    func bytes(_ name: String) throws(JobLine.Problem) -> [UInt8] {
        guard has(name + "_hex") else { return has(name) ? Array(try string(name).utf8) : [] }
        let digits = Array(try string(name + "_hex").utf8)
        let bytes = stride(from: 0, to: digits.count - 1, by: 2).compactMap { index -> UInt8? in
            guard let high = HexDigit.value(of: digits[index]),
                let low = HexDigit.value(of: digits[index + 1])
            else {
                return nil
            }
            return high << 4 | low
        }
        guard bytes.count * 2 == digits.count else {
            throw JobLine.Problem(text: "'\(name)_hex' must be pairs of hexadecimal digits")
        }
        return bytes
    }

    /// The result, by its text where it has one.
    func result() throws(JobLine.Problem) -> JSONText? {
        guard has("result_text") else { return object["result"].map { JSONText(trusted: $0.serialized()) } }
        do { return try JSONText(validating: Array(string("result_text").utf8)) } catch {
            throw JobLine.Problem(text: "'result_text' is no JSON")
        }
    }

    /// A column that is JSON; nil when it is not there.
    func record<Value>(_ name: String, _ read: ([UInt8]) throws(SQLiteError) -> Value) throws(JobLine.Problem)
        -> Value?
    {
        guard let value = object[name] else { return nil }
        do { return try read(value.serialized()) } catch {
            throw JobLine.Problem(text: "'\(name)': \(error.message)")
        }
    }
}
