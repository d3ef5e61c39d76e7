import Glibc
import RoostCore
import Testing

/// What a server that is not root does; as root, the real server runs as another user.
@Suite(.enabled(if: UnprivilegedServer.isPossible), .serialized)
struct `A server without privileges` {
    private func withUnprivilegedServer(_ options: String..., body: (ServerProcess) async throws -> Void) async throws {
        try await Places.shared.hold {
            let server = try await ServerProcess(options, user: UnprivilegedServer.user)
            let result: Result<Void, any Error>
            do { result = .success(try await body(server)) } catch { result = .failure(error) }
            try await server.kill9()
            try result.get()
        }
    }

    @Test(arguments: Abuse.time.prefix(6) + Abuse.processes + Abuse.memory.prefix(4) + Abuse.leaks)
    func `withstands abuse as far as its kernel lets it`(abuse: Abuse) async throws {
        try await withUnprivilegedServer("--workers", "3", "--memory-limit", "402653184", "--process-limit", "24") { server in
            let enforced = try await server.get("/api/v1/health")["python"]?["sandbox"]?["enforced"]?.array ?? []
            if !enforced.contains("processes"), abuse.says == "unavailable" || abuse.says == "thread" || abuse.timeout == 2 { return }
            try await AbuseHarness(server: server).check(abuse)
        }
    }

    @Test func `says what it cannot enforce, and keeps jobs from its files where there is Landlock`() async throws {
        try await withUnprivilegedServer("--workers", "2") { server in
            let sandbox = try await server.get("/api/v1/health")["python"]?["sandbox"]
            let missing = sandbox?["missing"]?.array ?? []
            #expect(server.process.errors.contains("cannot enforce") == !missing.isEmpty)
            guard missing.isEmpty else { return }
            let answer = try await server.execute(
                """
                import os
                found = []
                for path in ('\(server.folder.database)', os.path.dirname(os.getcwd()), '/proc/\(server.process.id)/environ', f'/proc/{os.getppid()}/environ'):
                    try: os.close(os.open(path, os.O_RDONLY)); found.append(path)
                    except OSError: pass
                for process in (\(server.process.id), os.getppid()):
                    try: os.kill(process, 0); found.append(process)
                    except OSError: pass
                open('own', 'w').write('x')
                found
                """)
            #expect(answer["result"] == [], "\(answer.text)")
        }
    }

    @Test func `keeps the secrets of its webhooks from jobs where there is Landlock`() async throws {
        try await Places.shared.hold {
            let folder = try TemporaryFolder()
            let secret = folder.path + "/secret"
            try Files.write(secret, "whsec_" + String(repeating: "A", count: 43) + "=\n")
            unsafe chmod(secret, 0o600)
            if let user = UnprivilegedServer.user { unsafe chown(secret, user, user) }
            let server = try await ServerProcess(
                ["--webhook-secret-file", secret], in: folder, user: UnprivilegedServer.user)
            let sandbox = try await server.get("/api/v1/health")["python"]?["sandbox"]
            if sandbox?["enforced"]?.array?.contains("foreign_files") == true {
                expectFailure(try await server.execute("open('\(secret)').read()"), 500, "PYTHON_RUNTIME_ERROR")
            }
            try await server.kill9()
        }
    }

    @Test func `can be strict where users may make namespaces, and says so where not`() async throws {
        let server: ServerProcess
        do { server = try await ServerProcess(["--sandbox", "strict"], user: UnprivilegedServer.user) } catch let error
            as ServerProcess.StartFailed
        {
            #expect(error.description.contains("--sandbox strict cannot be had here"))
            return
        }
        let answer = try await server.execute(
            "import os, socket\ntry: socket.create_connection(('127.0.0.1', \(server.port)))\nexcept OSError as error: print(error.strerror)\ntry: open('/tmp/x', 'w')\nexcept OSError as error: print('not written')\ntry: open('\(server.folder.database)', 'rb').read(1) == b'' or print('read')\nexcept OSError: pass\nos.getpid()"
        )
        #expect(answer["output"] == "Network is unreachable\nnot written", "\(answer.text)")
        #expect(answer["result"] == 2)
        try await server.stop()
    }
}
