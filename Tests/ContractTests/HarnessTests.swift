import RoostCore
import Testing

@Suite struct `The harness of these tests` {
    @Test func `sees how a process ended and what it wrote`() async throws {
        let folder = try TemporaryFolder()
        let process = try ChildProcess(
            "/bin/sh", ["-c", "echo out; echo err >&2; pwd; exit 7"], environment: [:], folder: folder.path)
        #expect(try await process.waitForEnd() == .exit(7))
        #expect(process.output == "out\n\(folder.path)\n")
        #expect(process.errors == "err\n")
    }

    @Test func `sees which signal ended a process`() async throws {
        let process = try ChildProcess("/bin/sh", ["-c", "kill -9 $$"], environment: [:])
        #expect(try await process.waitForEnd() == .signal(9))
    }

    @Test func `starts processes that take signals`() async throws {
        let process = try ChildProcess("/bin/sleep", ["60"], environment: [:])
        process.signal(15)
        #expect(try await process.waitForEnd(within: .seconds(5)) == .signal(15))
    }

    @Test func `removes its folders`() async throws {
        var folder: TemporaryFolder? = try TemporaryFolder()
        let path = try #require(folder?.path)
        try Files.makeFolder(path + "/inner")
        try Files.write(path + "/inner/file", "text")
        #expect(try Files.text(path + "/inner/file") == "text")
        folder = nil
        #expect(!Files.exists(path))
    }

    @Test func `knows a timestamp and an id when it sees them`() {
        #expect(isTimestamp("2026-01-24T12:00:01.000Z"))
        #expect(!isTimestamp("2026-01-24T12:00:01Z"))
        #expect(isJobID("a1b2c3d4-e5f6-7890-abcd-ef1234567890"))
        #expect(!isJobID("A1B2C3D4-E5F6-7890-ABCD-EF1234567890"))
        #expect(!isInteger(1.5) && isInteger(3) && !isInteger("3"))
    }
}
