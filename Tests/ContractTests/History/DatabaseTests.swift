import Glibc
import RoostCore
import Testing

@Suite struct `The database` {
    /// Runs Python from outside, with the database's path as its argument.
    private static func python(_ code: String, _ folder: TemporaryFolder) async throws {
        let process = try ChildProcess(
            #require(Programs.python), ["-c", code, folder.database],
            environment: ServerProcess.environment(folder))
        #expect(try await process.waitForEnd() == .exit(0), "\(process.errors)")
    }

    /// Makes a history of some jobs.
    private static func used() async throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try await Places.shared.hold {
            let server = try await ServerProcess(in: folder)
            for number in 0..<20 { _ = try await server.execute("print('x' * 3000)\n\(number)") }
            try await server.stop()
        }
        return folder
    }

    private static func expectRefused(_ folder: TemporaryFolder, _ sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let before = try Files.read(folder.database)
        let process = try ServerProcess.launch(
            ["serve", "--project", folder.path, "--port", "0", "--log-level", "error"], in: folder)
        #expect(try await process.waitForEnd() == .exit(1), sourceLocation: sourceLocation)
        #expect(process.output == "", sourceLocation: sourceLocation)
        #expect(process.errors.contains("Roost.sqlite"), "\(process.errors)", sourceLocation: sourceLocation)
        #expect(process.errors.split(separator: "\n").count == 1, "one line: \(process.errors)", sourceLocation: sourceLocation)
        #expect(try Files.read(folder.database) == before, "nothing is touched", sourceLocation: sourceLocation)
        #expect(!Files.exists(folder.discovery), sourceLocation: sourceLocation)
    }

    @Test func `is refused when it is no database`() async throws {
        let folder = try TemporaryFolder()
        try Files.makeFolder(folder.saved)
        try Files.write(folder.database, String(repeating: "Dear diary, this is no database.\n", count: 500))
        try await Self.expectRefused(folder)
    }

    @Test(.enabled(if: Programs.python != nil, "needs python3"))
    func `is refused when it is another program's`() async throws {
        let folder = try TemporaryFolder()
        try Files.makeFolder(folder.saved)
        try await Self.python(
            "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute('create table jobs(id)'); c.execute('insert into jobs values(1)'); c.commit(); c.close()",
            folder)
        try await Self.expectRefused(folder)
    }

    @Test(.enabled(if: Programs.python != nil, "needs python3"))
    func `is refused when a newer Roost wrote it`() async throws {
        let folder = try await Self.used()
        try await Self.python(
            "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute('pragma user_version=9999'); c.commit(); c.close()",
            folder)
        try await Self.expectRefused(folder)
    }

    @Test func `is refused when its first page is damaged`() async throws {
        let folder = try await Self.used()
        var bytes = try Files.read(folder.database)
        for index in 100..<1000 { bytes[index] = 0xaa }
        try Files.write(folder.database, bytes)
        try await Self.expectRefused(folder)
    }

    @Test func `is refused when it was cut off`() async throws {
        let folder = try await Self.used()
        let bytes = try Files.read(folder.database)
        try Files.write(folder.database, Array(bytes[..<(bytes.count / 2)]))
        try await Self.expectRefused(folder)
    }

    @Test func `is refused when its pages are damaged`() async throws {
        let folder = try await Self.used()
        var bytes = try Files.read(folder.database)
        for index in 4096..<bytes.count { bytes[index] = 0x55 }
        try Files.write(folder.database, bytes)
        try await Self.expectRefused(folder)
    }

    @Test func `must be in a folder that can be written`() async throws {
        let folder = try TemporaryFolder()
        let process = try ServerProcess.launch(
            ["serve", "--project", folder.path, "--port", "0", "--database", "/proc/nothing/Roost.sqlite"], in: folder)
        #expect(try await process.waitForEnd() == .exit(1))
        #expect(process.errors.contains("/proc/nothing"))
        #expect(!Files.exists(folder.discovery))
    }

    @Test func `may be elsewhere`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.scratch + "/history.sqlite"
        try await withServer("--database", path, in: folder) { server in
            expectSuccess(try await server.execute("1"))
            #expect(Files.exists(path))
            #expect(!Files.exists(folder.database))
        }
    }

    @Test(.enabled(if: Programs.python != nil, "needs python3"))
    func `that is locked too long costs a job its answer and not the server`() async throws {
        try await withServer("--workers", "2") { server in
            let id = "30000000-0000-4000-8000-000000000001"
            async let waiting = server.execute("import time\nprint('captured', flush=True)\ntime.sleep(2)", ["job_id": .string(id)])
            try await eventually("the job prints") {
                try await server.get("/api/v1/python/job?id=\(id)")["job"]?["output"] == "captured"
            }
            let locker = try ChildProcess(
                #require(Programs.python),
                [
                    "-c",
                    "import sqlite3,sys,time; c=sqlite3.connect(sys.argv[1],isolation_level=None,timeout=30); c.execute('begin immediate'); print('locked',flush=True); time.sleep(60)",
                    server.folder.database,
                ], environment: ServerProcess.environment(server.folder))
            try await eventually("the database is locked") { locker.output == "locked\n" }
            #expect(try await server.job(id)["status"] == "running", "the lock came in time")

            let answer = try await waiting
            expectFailure(answer, 500, "SERVER_ERROR")
            #expect(answer["output"] == "captured")
            #expect(try await server.get("/api/v1/health").status == 200)
            let new = try await server.execute("print('new')")
            let message = try #require(expectFailure(new, 500, "SERVER_ERROR")["message"]?.string)
            expectCodeFailure(try await server.run("print('new')"), 500, message, exitCode: 500)

            locker.signal(SIGKILL)
            _ = try await locker.waitForEnd()
            try await eventually("its final state is written") {
                try await server.job(id)["status"] == "completed"
            }
            #expect(try await server.job(id)["output"] == "captured")
            expectSuccess(try await server.execute("1"))
            #expect(try await server.stop() == .exit(0))
        }
    }

    @Test func `may wait for the disk before anything is answered`() async throws {
        let folder = try TemporaryFolder()
        try await Places.shared.hold {
            var server = try await ServerProcess(["--durability", "full"], in: folder)
            let answers = try await withThrowingTaskGroup(of: HTTPAnswer.self) { group in
                for number in 0..<8 { group.addTask { [server] in try await server.execute("\(number)") } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            try await server.kill9()
            server = try await ServerProcess(["--durability", "full"], in: folder)
            for answer in answers {
                let job = try await server.job(#require(answer["job_id"]?.string))
                #expect(job["result"] == answer["result"])
            }
            #expect(try await server.stop() == .exit(0))
        }
    }
}
