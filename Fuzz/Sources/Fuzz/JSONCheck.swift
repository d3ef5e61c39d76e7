import RoostCore

/// The parser and the validator agree, and what is printed reads back the same.
func checkJSON(_ bytes: [UInt8]) {
    let depth = 128
    let parsed = Result { () throws(JSONError) in try JSONParser.parse(bytes, maximumDepth: depth) }
    let validated = Result { () throws(JSONError) in try JSONParser.validate(bytes, maximumDepth: depth) }
    switch (parsed, validated) {
    case (.success(let value), .success):
        let text = value.serialized()
        guard let again = try? JSONParser.parse(text, maximumDepth: depth) else {
            preconditionFailure("what was printed cannot be read")
        }
        precondition(again.serialized() == text, "printing twice differs")
    case (.success, .failure):
        // The validator alone refuses a byte order mark.
        precondition(bytes.starts(with: [0xEF, 0xBB, 0xBF]), "only the parser accepts it")
    case (.failure(let error), .success):
        // The parser alone refuses numbers beyond Double.
        precondition("\(error)".contains("out of range"), "only the validator accepts it")
    case (.failure, .failure): break
    }
}
