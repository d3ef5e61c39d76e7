internal import RoostCore

/// A job's id with the text it was sent as, for messages.
struct SentJobID: ParameterValue {
    let id: JobID
    let text: String

    static var typeDescription: String { "a UUID" }
    static var schemaType: String { "string" }

    init?(text: String) {
        guard let id = JobID(text) else { return nil }
        self.id = id
        self.text = text
    }

    init?(json: JSON) {
        guard let text = json.string else { return nil }
        self.init(text: text)
    }
}
