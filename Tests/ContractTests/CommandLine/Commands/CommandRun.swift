/// Runs client commands of the real program.
enum CommandRun {
    /// Starts one in the project folder's scratch folder; with a window on a terminal of that size.
    static func start(
        _ arguments: [String], in folder: TemporaryFolder, environment: [String: String] = [:],
        window: ChildProcess.Window? = nil
    ) throws -> ChildProcess {
        let terminal = window == nil ? [:] : ["TERM": "xterm-256color"]
        return try ChildProcess(
            Programs.roost, arguments,
            environment: ServerProcess.environment(folder, terminal.merging(environment) { $1 }), folder: folder.path,
            keeping: folder, window: window)
    }

    /// Runs one to its end.
    static func run(
        _ arguments: [String], in folder: TemporaryFolder, environment: [String: String] = [:],
        window: ChildProcess.Window? = nil
    ) async throws -> ChildProcess {
        let process = try start(arguments, in: folder, environment: environment, window: window)
        _ = try await process.waitForEnd(within: .seconds(60))
        return process
    }
}

extension ServerProcess {
    /// Runs a client command in the project folder, which it finds by the discovery file.
    func command(
        _ arguments: String..., environment: [String: String] = [:], window: ChildProcess.Window? = nil
    ) async throws -> ChildProcess {
        try await CommandRun.run(arguments, in: folder, environment: environment, window: window)
    }

    /// Writes a script into the project folder and gives its path.
    func script(_ code: String) throws -> String {
        let path = folder.scratch + "/script-\(UInt64.random(in: 0 ... .max)).py"
        try Files.write(path, code)
        return path
    }
}
