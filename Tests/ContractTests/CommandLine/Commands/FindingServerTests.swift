import RoostCore
import Testing

@Suite struct `How a command finds its server` {
    @Test func `in this folder or one above it, as git does`() async throws {
        try await withServer { server in
            let folder = server.folder.path + "/Content/Python"
            try Files.makeFolder(server.folder.path + "/Content")
            try Files.makeFolder(folder)
            let process = try ChildProcess(
                Programs.roost, ["health"], environment: ServerProcess.environment(server.folder), folder: folder)
            #expect(try await process.waitForEnd() == .exit(0))
            #expect(process.output.contains(":\(server.port)"))
        }
    }

    @Test func `by project, address or socket, and a flag wins over the environment`() async throws {
        let folder = try TemporaryFolder()
        let elsewhere = try TemporaryFolder()
        let socket = folder.scratch + "/roost.sock"
        try await withServer("--unix", socket, in: folder) { server in
            let url = "http://127.0.0.1:\(server.port)"
            for arguments in [["--project", folder.path], ["--url", url], ["--url", url + "/api/v1"], ["--unix", socket]] {
                let process = try await CommandRun.run(["health"] + arguments, in: elsewhere)
                #expect(process.ending == .exit(0), "\(arguments) \(process.errors)")
            }
            for environment in [["ROOST_PROJECT": folder.path], ["ROOST_URL": url], ["ROOST_UNIX": socket]] {
                let process = try await CommandRun.run(["health"], in: elsewhere, environment: environment)
                #expect(process.ending == .exit(0), "\(environment) \(process.errors)")
            }
            let process = try await CommandRun.run(
                ["health", "--project", folder.path], in: elsewhere, environment: ["ROOST_URL": "http://127.0.0.1:1"])
            #expect(process.ending == .exit(0))
            let both = try await CommandRun.run(["health", "--project", folder.path, "--url", url], in: elsewhere)
            #expect(both.ending == .exit(2))
        }
    }

    @Test func `says how to start one when there is none`() async throws {
        let folder = try TemporaryFolder()
        let none = try await CommandRun.run(["health"], in: folder)
        #expect(none.ending == .exit(1))
        #expect(none.errors.contains("start one with 'roost serve'"), "\(none.errors)")
        let run = try await CommandRun.run(["run", "/dev/null"], in: folder)
        #expect(run.ending == .exit(125))
        let refused = try await CommandRun.run(["health", "--url", "http://127.0.0.1:1"], in: folder)
        #expect(refused.ending == .exit(1))
        #expect(refused.errors.contains("no server answers at http://127.0.0.1:1; start one with 'roost serve'"))
        let secure = try await CommandRun.run(["health", "--url", "https://127.0.0.1:1"], in: folder)
        #expect(secure.ending == .exit(2))
        #expect(secure.errors.contains("https is not spoken here"))
        let nowhere = try await CommandRun.run(["health", "--unix", folder.scratch + "/none"], in: folder)
        #expect(nowhere.errors.contains("no server answers"))
        let missing = try await CommandRun.run(["health", "--project", "/nonexistent"], in: folder)
        #expect(missing.errors.contains("there is no such folder"))
    }

    @Test func `says so when a killed server left its discovery file`() async throws {
        let folder = try TemporaryFolder()
        try await Places.shared.hold {
            let server = try await ServerProcess(in: folder)
            try await server.kill9()
        }
        let process = try await CommandRun.run(["jobs"], in: folder)
        #expect(process.ending == .exit(1))
        #expect(process.errors.contains("start it with 'roost serve --project \(folder.path)'"), "\(process.errors)")
    }

    @Test func `does not take the server of another project that has the port by now`() async throws {
        let folder = try TemporaryFolder()
        try await Places.shared.hold {
            let killed = try await ServerProcess(in: folder)
            try await killed.kill9()
            let other = try await ServerProcess(portOption: ["--port", "\(killed.port)"])
            let process = try await CommandRun.run(["jobs"], in: folder)
            #expect(process.ending == .exit(1))
            #expect(process.errors.contains("the server of \(folder.path) is gone"), "\(process.errors)")
            try await other.kill9()
        }
    }

    @Test func `sends a key from the environment, a file or the command line, and says where it goes`() async throws {
        let folder = try TemporaryFolder()
        let keys = folder.scratch + "/keys"
        try Files.write(keys, "# keys\n\nalice:secret-1\nbob:secret-2\n")
        try await withServer("--api-key-file", keys, in: folder) { server in
            let refused = try await server.command("jobs")
            #expect(refused.ending == .exit(1))
            #expect(refused.errors.contains("ROOST_API_KEY") && refused.errors.contains("--api-key-file"))
            let script = try server.script("print(1)")
            #expect(try await server.command("run", script, environment: ["ROOST_API_KEY": "secret-2"]).output == "1\n")
            #expect(try await server.command("run", "--api-key", "secret-1", script).output == "1\n")
            #expect(try await server.command("run", "--api-key-file", keys, script).output == "1\n")
            #expect(try await server.command("run", script, environment: ["ROOST_API_KEY_FILE": keys]).output == "1\n")
            #expect(try await server.command("run", "--api-key", "wrong", script).ending == .exit(125))
            let bad = try await server.command("jobs", "--api-key", "a b")
            #expect(bad.ending == .exit(1))
            #expect(!bad.errors.contains("a b"), "no key in a message")
        }
    }

    @Test func `says so when what answers is no Roost`() async throws {
        try await withServer { server in
            // A server that knows no such prefix.
            let process = try await server.command("health", "--url", "http://127.0.0.1:\(server.port)/elsewhere")
            #expect(process.ending == .exit(1))
            #expect(process.errors.contains("HANDLER_NOT_FOUND"), "\(process.errors)")
        }
    }
}
