import Testing

/// A start that has to fail: exit code 1, nothing on standard output, and one line that says why.
func expectStartFailure(
    _ arguments: [String], in folder: TemporaryFolder? = nil, environment: [String: String] = [:], saying words: [String],
    sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    try await Places.shared.hold {
        let folder = try folder ?? TemporaryFolder()
        let process = try ServerProcess.launch(
            ["serve", "--project", folder.path, "--port", "0"] + arguments, in: folder, environment: environment)
        let ending = try await process.waitForEnd(within: .seconds(60))
        #expect(ending == .exit(1), "\(process.errors)", sourceLocation: sourceLocation)
        #expect(process.output == "", sourceLocation: sourceLocation)
        let line = process.errors.split(separator: "\n").last.map(String.init) ?? ""
        for word in words { #expect(line.contains(word), "'\(word)' in: \(line)", sourceLocation: sourceLocation) }
        #expect(!Files.exists(folder.discovery), sourceLocation: sourceLocation)
    }
}

extension ServerProcess {
    /// What stands in the log, as soon as it holds a text.
    func log(with text: String) async throws -> String {
        try await eventually("'\(text)' in the log") {
            let errors = process.errors
            return errors.contains(text) ? errors : nil
        }
    }
}
