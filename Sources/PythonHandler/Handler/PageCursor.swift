internal import RoostCore

/// The value of `cursor`: what `next_cursor` of the page before was.
struct PageCursor: ParameterValue {
    let cursor: JobCursor

    static var typeDescription: String { "the next_cursor of another page" }
    static var schemaType: String { "string" }
    static var allowedValues: [String]? { ["next_cursor of another page"] }

    init?(text: String) {
        guard let cursor = JobCursor(text: text) else { return nil }
        self.cursor = cursor
    }

    init?(json: JSON) {
        guard let text = json.string else { return nil }
        self.init(text: text)
    }
}
