import RoostCore
import Testing

@Suite struct `The limit of open files` {
    /// A server started by a shell that sets its limits first.
    private func start(_ limits: String, in folder: TemporaryFolder) throws -> ChildProcess {
        try ChildProcess(
            "/bin/sh",
            ["-c", "\(limits) && exec \"$0\" serve --project \"$1\" --port 0", Programs.roost, folder.path],
            environment: ServerProcess.environment(folder), folder: folder.scratch, keeping: folder)
    }

    /// Soft and hard limit of a process.
    private func limits(_ process: ChildProcess) throws -> [Substring] {
        let text = try Files.text("/proc/\(process.id)/limits")
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("Max open files") })
        return Array(line.split(separator: " ")[3...4])
    }

    @Test func `is raised to what the system allows`() async throws {
        try await Places.shared.hold {
            let process = try start("ulimit -Sn 300", in: TemporaryFolder())
            try await eventually("the ready line") { process.output.contains("\n") }
            let limits = try limits(process)
            #expect(limits[0] == limits[1])
            process.signal(15)
            #expect(try await process.waitForEnd() == .exit(0))
        }
    }

    @Test func `is named in a warning when it is too low for the connections`() async throws {
        try await Places.shared.hold {
            let process = try start("ulimit -n 500", in: TemporaryFolder())
            try await eventually("the ready line") { process.output.contains("\n") }
            try await eventually("a warning") { process.errors.contains("only 500 open files are allowed") }
            process.signal(15)
            #expect(try await process.waitForEnd() == .exit(0))
        }
    }
}
