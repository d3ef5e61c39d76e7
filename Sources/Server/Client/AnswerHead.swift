/// Status and fields of an answer.
struct AnswerHead: Sendable, Equatable {
    let status: Int
    /// Names in lower case.
    let fields: [(name: String, value: String)]

    /// The first value of a field, its name in lower case.
    subscript(_ name: String) -> String? { fields.first { $0.name == name }?.value }

    static func == (left: AnswerHead, right: AnswerHead) -> Bool {
        left.status == right.status && left.fields.elementsEqual(right.fields) { $0 == $1 }
    }
}
