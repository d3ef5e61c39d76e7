import Glibc
import RoostCore

/// A running `roost serve` of a test's own.
final class ServerProcess: Sendable {
    let process: ChildProcess
    let folder: TemporaryFolder
    let port: Int

    /// What every program here is started with; nothing of the test's own environment.
    static func environment(_ folder: TemporaryFolder, _ extra: [String: String] = [:]) -> [String: String] {
        [
            "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": folder.scratch, "TMPDIR": folder.scratch,
            "LANG": "C.UTF-8",
        ].merging(extra) { $1 }
    }

    /// Starts the command and does not wait for anything.
    ///
    /// With a user, which only root can give, the command and the folder are made that user's. With mounts, it sees these;
    /// see ``OwnMounts``.
    static func launch(
        _ arguments: [String], in folder: TemporaryFolder, environment extra: [String: String] = [:],
        user: UInt32? = nil, mounts: String? = nil
    ) throws -> ChildProcess {
        if let user {
            let program = try folder.give(to: user, programs: ["roost", "roost-python"])
            return try ChildProcess(
                "/usr/bin/setpriv",
                ["--reuid", "\(user)", "--regid", "\(user)", "--clear-groups", program] + arguments,
                environment: environment(folder, extra), folder: folder.scratch, keeping: folder)
        }
        let command = mounts.map(OwnMounts.command) ?? []
        let line = command + [Programs.roost] + arguments
        return try ChildProcess(
            line[0], Array(line.dropFirst()), environment: environment(folder, extra), folder: folder.scratch,
            keeping: folder)
    }

    /// Starts a server and waits for its ready line.
    init(
        _ arguments: [String] = [], in folder: TemporaryFolder? = nil, environment: [String: String] = [:],
        portOption: [String] = ["--port", "0"], user: UInt32? = nil, mounts: String? = nil
    ) async throws {
        let folder = try folder ?? TemporaryFolder()
        self.folder = folder
        let process = try Self.launch(
            ["serve", "--project", folder.path] + portOption + arguments, in: folder, environment: environment,
            user: user, mounts: mounts)
        self.process = process
        let line = try await eventually("the ready line") { () -> String? in
            if let ending = process.ending, !process.output.contains("\n") {
                throw StartFailed(description: "ended with \(ending): \(process.errors)")
            }
            let output = process.output
            return output.contains("\n") ? output : nil
        }
        guard line.hasPrefix("roost ready on http://"), line.hasSuffix("/api/v1\n"),
            let port = line.split(separator: ":").last.flatMap({ Int($0.prefix { $0.isNumber }) })
        else { throw StartFailed(description: "no ready line: \(line)") }
        self.port = port
    }

    struct StartFailed: Error, CustomStringConvertible {
        let description: String
    }

    /// SIGTERM, then the end.
    @discardableResult
    func stop(within duration: Duration = .seconds(30)) async throws -> ChildProcess.Ending {
        process.signal(SIGTERM)
        return try await process.waitForEnd(within: duration)
    }

    /// `kill -9`, then the end.
    func kill9() async throws {
        process.signal(SIGKILL)
        _ = try await process.waitForEnd()
    }
}

/// Runs the body with a server that is gone afterwards, whatever happens.
@discardableResult
func withServer<Value>(
    _ arguments: String..., in folder: TemporaryFolder? = nil, environment: [String: String] = [:],
    _ body: (ServerProcess) async throws -> Value
) async throws -> Value {
    try await Places.shared.hold {
        let server = try await ServerProcess(arguments, in: folder, environment: environment)
        let result: Result<Value, any Error>
        do { result = .success(try await body(server)) } catch { result = .failure(error) }
        // Its folder goes with it, so nothing may write there any more.
        try await server.kill9()
        return try result.get()
    }
}
