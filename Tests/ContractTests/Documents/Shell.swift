import RoostCore

/// Runs a line of a document as a reader would: pasted into bash.
struct Shell {
    let server: ServerProcess

    /// - Returns: What the line printed, as JSON.
    func json(_ line: String) async throws -> JSON {
        let process = try ChildProcess(
            "/bin/bash", ["-c", line],
            environment: ServerProcess.environment(server.folder, ["PORT": "\(server.port)"]))
        let ending = try await process.waitForEnd(within: .seconds(60))
        guard ending == .exit(0) else { throw HTTPConnection.Failure("\(line)\n\(ending) \(process.errors)") }
        return try JSONParser.parse(Array(process.output.utf8))
    }

    /// The line with the document's example port replaced by the real one.
    func reference(_ line: String) async throws -> JSON {
        var parts: [Substring] = []
        var rest = line[...]
        while let found = rest.firstRange(of: "localhost:8080") {
            parts.append(rest[..<found.lowerBound])
            rest = rest[found.upperBound...]
        }
        parts.append(rest)
        return try await json(parts.joined(separator: "localhost:\(server.port)"))
    }
}

extension Substring {
    /// The standard library's search, without Foundation.
    fileprivate func firstRange(of text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}
