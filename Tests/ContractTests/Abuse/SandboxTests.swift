import Glibc
import RoostCore
import Testing

@Suite struct `The sandbox` {
    private static let isRoot = geteuid() == 0
    private static let limits: Set<String> = [
        "memory", "processes", "file_size", "open_files", "no_core_files", "no_new_privileges", "cpu_time",
        "foreign_signals", "foreign_files",
    ]
    private static let strict: Set<String> = [
        "network", "read_only_files", "process_table", "system_calls", "job_memory",
    ]

    /// `python.sandbox` of `/health`.
    private static func status(_ server: ServerProcess) async throws -> (mode: String?, enforced: Set<String>, missing: Set<String>) {
        let health = try await server.get("/api/v1/health")
        let sandbox = health["python"]?["sandbox"]
        func names(_ name: String) -> Set<String> { Set((sandbox?[name]?.array ?? []).compactMap(\.string)) }
        return (sandbox?["mode"]?.string, names("enforced"), names("missing"))
    }

    @Test func `is limits unless said otherwise, and health says what of it holds`() async throws {
        try await withServer { server in
            let status = try await Self.status(server)
            #expect(status.mode == "limits")
            #expect(status.enforced.union(status.missing) == Self.limits)
            #expect(status.enforced.isDisjoint(with: status.missing))
            #expect(status.enforced.isSuperset(of: ["memory", "file_size", "open_files", "no_core_files", "no_new_privileges"]))
            if Self.isRoot { #expect(status.missing.isEmpty) }
            // What is missing is said once, and only then.
            let warnings = server.process.errors.split(separator: "\n").count { $0.contains("cannot enforce") }
            #expect(warnings == (status.missing.isEmpty ? 0 : 1), "\(server.process.errors)")
        }
    }

    @Test func `can be off`() async throws {
        try await withServer("--sandbox", "off") { server in
            let status = try await Self.status(server)
            #expect(status.mode == "off" && status.enforced.isEmpty && status.missing.isEmpty)
            let answer = try await server.execute("import os, resource\nprint(os.getuid())\nresource.getrlimit(resource.RLIMIT_CPU)")
            #expect(answer["output"] == .string("\(geteuid())"))
            #expect(answer["result"] == [-1, -1])
        }
    }

    @Test func `sets the limits that the options name`() async throws {
        try await withServer(
            "--memory-limit", "500000000", "--file-limit", "1000000", "--process-limit", "20"
        ) { server in
            let answer = try await server.execute(
                "from resource import *\n[getrlimit(r)[1] for r in (RLIMIT_AS, RLIMIT_FSIZE, RLIMIT_NOFILE, RLIMIT_CORE, RLIMIT_CPU, RLIMIT_NPROC)]",
                ["timeout": 7])
            var expected: [JSON] = [500_000_000, 1_000_000, 256, 0, 13]
            let holds = try await Self.status(server).enforced.contains("processes")
            if holds { expected.append(20) }
            #expect(answer["result"]?.array?.prefix(expected.count).map { $0 } == expected, "\(answer.text)")
        }
    }

    @Test func `leaves a job no privileges`() async throws {
        try await withServer { server in
            let answer = try await server.execute(
                "{l.split(':')[0]: l.split()[1] for l in open('/proc/self/status') if l.startswith(('CapPrm', 'CapEff', 'CapAmb', 'NoNewPrivs'))}"
            )
            let none = JSON.string("0000000000000000")
            #expect(answer["result"] == ["CapPrm": none, "CapEff": none, "CapAmb": none, "NoNewPrivs": "1"])
        }
    }

    @Test(.enabled(if: isRoot)) func `gives every process of a server that is root a user of its own`() async throws {
        try await withServer("--workers", "3", "--job-user-base", "71000") { server in
            let code =
                "import os, time\nprint(os.getuid(), os.getgid(), os.getgroups(), os.stat('.').st_uid, oct(os.stat('.').st_mode & 0o777), flush=True)\ntime.sleep(30)"
            var users: Set<Int> = []
            for _ in 0..<3 {
                let id = try await server.start(code)
                let job = try await server.wait(for: id, output: "0o")
                let words = try #require(job["output"]?.string).split(separator: " ")
                let user = try #require(Int(words[0]))
                #expect((71_000..<75_096).contains(user))
                #expect(words.dropFirst().joined(separator: " ").hasPrefix("\(user) [] \(user) 0o700"))
                users.insert(user)
            }
            #expect(users.count == 3, "no two at once are the same")
        }
    }

    @Test(.enabled(if: isRoot)) func `leaves the server's log the server's`() async throws {
        try await Places.shared.hold {
            let folder = try TemporaryFolder()
            let log = folder.path + "/log"
            let process = try ChildProcess(
                "/bin/sh", ["-c", "exec \"$@\" 2> \"$0\"", log, Programs.roost, "serve", "--project", folder.path, "--port", "0"],
                environment: ServerProcess.environment(folder), keeping: folder)
            try await eventually("the ready line") { process.output.contains("\n") }
            var status = stat()
            #expect(unsafe stat(log, &status) == 0 && status.st_uid == 0 && status.st_gid == 0, "user \(status.st_uid)")
            process.signal(SIGTERM)
            #expect(try await process.waitForEnd() == .exit(0))
        }
    }

    @Test(.enabled(if: isRoot)) func `keeps two servers from running jobs as the same user`() async throws {
        try await withServer("--workers", "1") { first in
            try await withServer("--workers", "1") { second in
                let code = "import os, time\nprint('user', os.getuid(), flush=True)\ntime.sleep(30)"
                let one = try await first.start(code)
                let two = try await second.start(code)
                let users = [try await first.wait(for: one, output: "user"), try await second.wait(for: two, output: "user")]
                #expect(users[0]["output"] != users[1]["output"])
            }
        }
    }

    @Test func `keeps the database and the scratch folders of others from jobs`() async throws {
        try await withServer("--workers", "2") { server in
            let status = try await Self.status(server)
            guard status.enforced.contains("foreign_files") else { return }
            let id = try await server.start(
                "import os, time\nopen('secret', 'w').write('x')\nprint(os.getcwd(), flush=True)\ntime.sleep(60)")
            let folder = try #require(try await server.wait(for: id, output: "/")["output"]?.string).split(separator: "\n")[0]
            let answer = try await server.execute(
                """
                import os
                found = []
                for path in ['\(server.folder.database)', '\(server.folder.database)-wal', '\(folder)/secret', '\(folder)', os.path.dirname('\(folder)')]:
                    try: os.close(os.open(path, os.O_RDONLY)); found.append(path)
                    except OSError: pass
                try: os.kill(\(server.process.id), 0); found.append('server')
                except OSError: pass
                found
                """)
            #expect(answer["result"] == [], "\(answer.text)")
        }
    }

    @Test func `refuses a memory limit in which Python cannot run`() async throws {
        let folder = try TemporaryFolder()
        let process = try ServerProcess.launch(
            ["serve", "--project", folder.path, "--port", "0", "--memory-limit", "1000000"], in: folder)
        #expect(try await process.waitForEnd() == .exit(1))
        #expect(process.errors.contains("--memory-limit 1000000 is too small"))
    }

    @Test(arguments: [
        ["--sandbox", "tight"], ["--memory-limit", "0"], ["--process-limit", "0"], ["--file-limit", "-1"],
        ["--job-user-base", "0"],
    ]) func `is wrong usage otherwise`(options: [String]) async throws {
        let folder = try TemporaryFolder()
        let process = try ServerProcess.launch(["serve", "--project", folder.path] + options, in: folder)
        #expect(try await process.waitForEnd() == .exit(2))
        #expect(process.errors.contains(options[0]), "\(process.errors)")
    }

    // MARK: What is killed

    private static let survivors =
        """
        import os, subprocess, sys, time
        subprocess.Popen(['/bin/sleep', '1000'], start_new_session=True, env=dict(os.environ, QA='MARK'))
        import ctypes
        if os.fork() == 0:
            ctypes.CDLL(None).prctl(15, b'MARK', 0, 0, 0)
            os.setsid()
            if os.fork(): os._exit(0)
            time.sleep(1000)
        os.wait()
        time.sleep(0.2)
        print(os.getcwd(), flush=True)
        time.sleep(1000)
        """

    @Test(arguments: ["off", "limits"]) func `ends all that jobs had started with a server that is killed`(mode: String) async throws {
        let mark = "qk" + String(UInt32.random(in: 0..<1 << 30), radix: 36)
        let server = try await ServerProcess(["--sandbox", mode])
        let id = try await server.start(Self.survivors.replacing("MARK", with: mark), ["timeout": 300])
        let folder = try #require(try await server.wait(for: id, output: "/")["output"]?.string).split(separator: "\n")[0]
        #expect(AbuseHarness.processes(marked: mark).count == 2)
        try await server.kill9()
        try await eventually("nothing is left") { AbuseHarness.processes(marked: mark).isEmpty && !Files.exists(String(folder)) }
    }

    @Test(arguments: ["off", "limits"]) func `ends all that jobs had started with a worker that is killed`(mode: String) async throws {
        let mark = "qw" + String(UInt32.random(in: 0..<1 << 30), radix: 36)
        try await withServer("--sandbox", mode) { server in
            let id = try await server.start(Self.survivors.replacing("MARK", with: mark), ["timeout": 300])
            let folder = try #require(try await server.wait(for: id, output: "/")["output"]?.string).split(separator: "\n")[0]
            #expect(AbuseHarness.processes(marked: mark).count == 2)
            let children = try Files.text("/proc/\(server.process.id)/task/\(server.process.id)/children")
            let worker = try #require(
                children.split(separator: " ").compactMap { pid_t($0) }.first ?? Self.worker(of: server.process.id))
            kill(worker, SIGKILL)
            let job = try await server.wait(for: id, status: "failed")
            #expect(job["error"]?["code"] == "PYTHON_PROCESS_DIED")
            expectSuccess(try await server.execute("1"))
            try await eventually("nothing is left") { AbuseHarness.processes(marked: mark).isEmpty && !Files.exists(String(folder)) }
        }
    }

    /// The child of the server: whichever thread started it, its parent is the process.
    private static func worker(of server: pid_t) -> pid_t? {
        Files.names(in: "/proc").compactMap { pid_t($0) }.first { pid in
            let fields = (try? Files.text("/proc/\(pid)/stat"))?.split(separator: ")").last?.split(separator: " ")
            return fields.map { $0.count > 1 && $0[1] == "\(server)" } ?? false
        }
    }
}
