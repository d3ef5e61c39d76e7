/// A command line that was understood.
struct Invocation: Sendable {
    /// The options given.
    let values: ParsedOptions
    /// What stood there without hyphens, as many as the declaration wants.
    var arguments: [String] { values.arguments }
    /// Of the process.
    let environment: [String: String]
}
