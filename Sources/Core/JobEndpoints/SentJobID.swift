/// A job's id with the text it was sent as, for messages.
package struct SentJobID: ParameterValue {
    package let id: JobID
    package let text: String

    package static var typeDescription: String { "a UUID" }
    package static var schemaType: String { "string" }

    package init?(text: String) {
        guard let id = JobID(text) else { return nil }
        self.id = id
        self.text = text
    }

    package init?(json: JSON) {
        guard let text = json.string else { return nil }
        self.init(text: text)
    }
}
