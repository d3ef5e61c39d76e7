/// What went wrong outside the thing under test, or a deadline that passed.
struct HarnessError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
