/// Why a command failed; the process exits with 1 unless the command says otherwise.
struct CommandFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// One line: what is wrong and what to do.
    let description: String

    init(_ description: String) { self.description = description }
}
