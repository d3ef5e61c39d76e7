import Glibc
import RoostCore
import Testing

/// Contract §7.
@Suite struct `A server with API keys` {
    private static let keys = "# clients\nci:key-of-ci-5b1c\nbob:key-of-bob-77aa\nkey-without-name-91\n"

    /// A key file beside the project, for its owner only.
    private func keyFile(_ folder: TemporaryFolder, _ text: String = keys, mode: mode_t = 0o600) throws -> String {
        let path = folder.scratch + "/keys"
        try Files.write(path, text)
        #expect(unsafe chmod(path, mode) == 0)
        return path
    }

    private func get(_ server: ServerProcess, _ target: String, key: String) async throws -> HTTPAnswer {
        try await server.request("GET", target, fields: [("x-api-key", key)])
    }

    @Test func `asks for a key before it looks for a route`() async throws {
        let folder = try TemporaryFolder()
        try await withServer("--api-key-file", keyFile(folder), in: folder) { server in
            for target in ["/api/v1/handlers", "/api/v1/nowhere", "/v1/code/execute/python", "/"] {
                let answer = try await server.get(target)
                expectFailure(answer, 401, "UNAUTHORIZED")
                #expect(answer[field: "WWW-Authenticate"] == #"Bearer realm="roost""#)
            }
            expectFailure(try await server.post(ServerProcess.execute, text: "nonsense"), 401, "UNAUTHORIZED")
            expectFailure(try await server.run("return 1"), 401, "UNAUTHORIZED")
            let wrong = try await get(server, "/api/v1/handlers", key: "key-of-ci-5b1d")
            expectFailure(wrong, 401, "UNAUTHORIZED")
            #expect(wrong[field: "WWW-Authenticate"]?.contains("invalid_token") == true)
            #expect(try await server.get("/api/v1/health").status == 200)
            let forbidden = try await server.request("GET", "/api/v1/handlers", host: "evil.example")
            expectFailure(forbidden, 403, "FORBIDDEN")
            #expect(try await get(server, "/api/v1/handlers", key: "key-of-ci-5b1c").status == 200)
            let bearer = [("Authorization", "Bearer key-of-bob-77aa")]
            #expect(try await server.request("GET", "/api/v1/handlers", fields: bearer).status == 200)
            expectFailure(try await get(server, "/nowhere", key: "key-of-ci-5b1c"), 404, "HANDLER_NOT_FOUND")
        }
    }

    @Test func `knows its clients by name, in jobs, in lists and in the log, and shows no key`() async throws {
        let folder = try TemporaryFolder()
        try await withServer("--api-key-file", keyFile(folder), in: folder) { server in
            func run(_ code: String, _ key: String) async throws -> HTTPAnswer {
                try await server.run(code, fields: [("x-api-key", key)])
            }
            let mine = try #require(try await run("return 1", "key-of-ci-5b1c")["job_id"]?.string)
            let other = try #require(try await run("return 2", "key-of-bob-77aa")["job_id"]?.string)
            let nameless = try #require(try await run("return 3", "key-without-name-91")["job_id"]?.string)
            for (id, name) in [(mine, "ci"), (other, "bob"), (nameless, "key-3")] {
                let job = try await get(server, "/api/v1/python/job?id=\(id)", key: "key-of-ci-5b1c")
                #expect(job["job"]?["client"] == .string(name))
                let list = try await get(server, "/api/v1/python/jobs?client=\(name)", key: "key-of-ci-5b1c")
                #expect(list["total"] == 1)
                #expect(list["jobs"]?.array?.map { $0["job_id"] } == [.string(id)])
                #expect(list["jobs"]?.array?.map { $0["client"] } == [.string(name)])
            }
            let none = try await get(
                server, "/api/v1/python/jobs?client=ci&status=failed", key: "key-of-ci-5b1c")
            #expect(none["total"] == 0)
            #expect(try await get(server, "/api/v1/python/jobs", key: "key-of-ci-5b1c")["total"] == 3)
            try await eventually("the log names the client") { server.process.errors.contains("key=bob") }
            #expect(!server.process.errors.contains("key-of-"))
            #expect(!server.process.errors.contains("key-without"))
        }
    }

    @Test func `hides the key of its environment from everybody`() async throws {
        let key = "key-in-the-environment-0c7e"
        try await withServer(environment: ["ROOST_API_KEY": "me:" + key]) { server in
            let process = "/proc/\(server.process.id)"
            for file in ["/environ", "/cmdline"] {
                #expect(try !Files.text(process + file).contains(key), "\(file)")
            }
            expectFailure(try await server.get("/api/v1/handlers"), 401, "UNAUTHORIZED")
            // A job sees its own environment and that of every process above it.
            let code = """
                import os
                found, pid = [dict(os.environ)], os.getppid()
                while pid > 1:
                    try: found.append(open(f'/proc/{pid}/environ').read() + open(f'/proc/{pid}/cmdline').read())
                    except OSError: pass
                    try: pid = int(open(f'/proc/{pid}/stat').read().rsplit(')', 1)[1].split()[1])
                    except OSError: break
                return ['ROOST_API' in str(found[0]), '\(key.dropLast(4))' + '0c7e' in str(found)]
                """
            let answer = try await server.run(code, fields: [("x-api-key", key)])
            #expect(answer["result"] == [false, false], "\(answer.text)")
            let job = try await server.request(
                "GET", "/api/v1/python/jobs?client=me", fields: [("x-api-key", key)])
            #expect(job["total"] == 1)
        }
    }

    @Test func `reads its keys again on SIGHUP, and keeps them when it cannot`() async throws {
        let folder = try TemporaryFolder()
        let path = try keyFile(folder)
        try await withServer("--api-key-file", path, in: folder) { server in
            try Files.write(path, "new:brand-new-key\n")
            server.process.signal(SIGHUP)
            try await eventually("the new key is known") {
                try await get(server, "/api/v1/handlers", key: "brand-new-key").status == 200
            }
            #expect(try await get(server, "/api/v1/handlers", key: "key-of-ci-5b1c").status == 401)

            try Files.write(path, "# nobody\n")
            server.process.signal(SIGHUP)
            try await eventually("the log says so") {
                server.process.errors.contains("the API keys stay as they were")
            }
            #expect(try await get(server, "/api/v1/handlers", key: "brand-new-key").status == 200)
            #expect(try await server.stop() == .exit(0))
        }
    }

    @Test(arguments: ["", "# only a note\n\n", "two words\n", "bad/name:key\n"])
    func `does not start with a key file that is of no use`(text: String) async throws {
        let folder = try TemporaryFolder()
        let path = try keyFile(folder, text)
        let process = try ServerProcess.launch(
            ["serve", "--project", folder.path, "--port", "0", "--api-key-file", path], in: folder)
        #expect(try await process.waitForEnd() == .exit(1))
        #expect(process.errors.contains("API key file '\(path)'"))
        #expect(!process.errors.contains("two words") && !process.errors.contains("bad/name"))
        #expect(!Files.exists(folder.discovery))
    }

    @Test func `does not start without its key file`() async throws {
        let folder = try TemporaryFolder()
        let process = try ServerProcess.launch(
            ["serve", "--project", folder.path, "--port", "0", "--api-key-file", folder.path + "/none"], in: folder)
        #expect(try await process.waitForEnd() == .exit(1))
        #expect(process.errors.contains("cannot be read"))
    }

    @Test func `warns of a key file that others can read`() async throws {
        let folder = try TemporaryFolder()
        try await withServer("--api-key-file", keyFile(folder, mode: 0o644), in: folder) { server in
            try await eventually("the log says so") {
                server.process.errors.contains("can be read by other users")
            }
        }
    }

    @Test func `may listen beyond loopback`() async throws {
        let folder = try TemporaryFolder()
        try await withServer("--host", "0.0.0.0", "--api-key-file", keyFile(folder), in: folder) { server in
            expectFailure(try await server.get("/api/v1/handlers"), 401, "UNAUTHORIZED")
            #expect(try await get(server, "/api/v1/handlers", key: "key-of-ci-5b1c").status == 200)
        }
    }
}
