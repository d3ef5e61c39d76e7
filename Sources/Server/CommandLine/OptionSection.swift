/// Options that belong together, as the help shows them.
struct OptionSection: Sendable {
    let title: String
    let options: [any OptionDeclaration]
    /// Whether each of them can be given as an environment variable as well.
    let readsEnvironment: Bool

    init(_ title: String, _ options: [any OptionDeclaration], readsEnvironment: Bool = true) {
        self.title = title
        self.options = options
        self.readsEnvironment = readsEnvironment
    }
}
